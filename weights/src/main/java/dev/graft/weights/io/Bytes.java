package dev.graft.weights.io;

import dev.graft.weights.WeightArray.FileRegion;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A run of bytes that arrays lie in, addressed with longs. Safe for use by several threads. */
public interface Bytes {
  /** How many bytes. */
  long length();

  /**
   * Fills {@code dst} with the bytes from {@code offset} on, as many as it has room for.
   *
   * @throws IndexOutOfBoundsException where that goes beyond the end
   */
  void read(long offset, ByteBuffer dst);

  /**
   * The bytes [offset, offset + length) in place, as a direct, read-only, little-endian buffer;
   * empty where they lie in no single buffer.
   */
  Optional<ByteBuffer> slice(long offset, long length);

  /** Where these bytes lie in a file that others can open; empty where in none. */
  default Optional<FileRegion> region(long offset, long length) {
    return Optional.empty();
  }
}
