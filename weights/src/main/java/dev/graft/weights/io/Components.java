package dev.graft.weights.io;

import dev.graft.weights.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Copies elements that lie one after the other, to little-endian. */
final class Components {
  private Components() {}

  /**
   * Copies {@code length} bytes of whole elements between absolute places; in place too. The
   * positions stay; the buffers' byte orders do not matter.
   *
   * @param bigEndian whether the source's components have their most significant byte first
   */
  static void copy(
      ByteBuffer src,
      int from,
      boolean bigEndian,
      ByteBuffer dst,
      int to,
      int length,
      DType dtype) {
    if (!bigEndian) {
      dst.put(to, src, from, length);
      return;
    }
    ByteBuffer big = src.duplicate().order(ByteOrder.BIG_ENDIAN);
    ByteBuffer little = dst.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    switch (dtype.componentSize()) {
      case 2 -> {
        for (int i = 0; i < length; i += Short.BYTES) {
          little.putShort(to + i, big.getShort(from + i));
        }
      }
      case 4 -> {
        for (int i = 0; i < length; i += Integer.BYTES) {
          little.putInt(to + i, big.getInt(from + i));
        }
      }
      default -> {
        for (int i = 0; i < length; i += Long.BYTES) {
          little.putLong(to + i, big.getLong(from + i));
        }
      }
    }
  }
}
