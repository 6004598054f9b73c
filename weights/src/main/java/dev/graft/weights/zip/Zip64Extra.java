package dev.graft.weights.zip;

import java.nio.ByteBuffer;
import java.util.Optional;

/** The extra field with the sizes and offsets that do not fit 32 bits. */
final class Zip64Extra {
  static final short ID = 1;
  static final long IN_EXTRA = 0xffffffffL;

  private Zip64Extra() {}

  /**
   * The field's content, to be read from its position on; empty where the extra fields have none or
   * are broken.
   */
  static Optional<ByteBuffer> find(ByteBuffer extra) {
    int at = 0;
    while (at + 4 <= extra.limit()) {
      int length = extra.getShort(at + 2) & 0xffff;
      if (length > extra.limit() - at - 4) {
        return Optional.empty();
      }
      if (extra.getShort(at) == ID) {
        return Optional.of(extra.slice(at + 4, length).order(extra.order()));
      }
      at += 4 + length;
    }
    return Optional.empty();
  }

  /**
   * The value itself, or, where it says so, the next one of the field; -1 where that is missing.
   */
  static long resolve(long value, ByteBuffer field) {
    if (value != IN_EXTRA) {
      return value;
    }
    return field.remaining() >= Long.BYTES ? field.getLong() : -1;
  }
}
