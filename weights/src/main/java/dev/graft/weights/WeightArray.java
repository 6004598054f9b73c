package dev.graft.weights;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One array of a {@link WeightStore}: a dtype, a shape, and its elements, read on demand. Seen from
 * outside the elements are always in C order and little-endian, however the file has them. Safe for
 * use by several threads until the store is closed.
 */
public interface WeightArray {
  /** The element type. */
  DType dtype();

  /** The shape. */
  Shape shape();

  /** Bytes of all elements. */
  default long byteSize() {
    return Math.multiplyExact(shape().elementCount(), (long) dtype().byteSize());
  }

  /**
   * Copies the bytes [offset, offset + dst.remaining()) of the array (C order, little-endian) into
   * {@code dst}, whose position moves to its limit. Offset and length are multiples of the element
   * size. Works for arrays of any size.
   *
   * @throws IllegalArgumentException for an offset or length that is no such multiple or goes
   *     beyond the array
   * @throws IllegalStateException where the store is closed
   * @throws MalformedWeightsException where bytes that have to be decoded first turn out broken
   */
  void read(long offset, ByteBuffer dst);

  /**
   * The bytes in place, as a direct, read-only, little-endian buffer from 0 to its limit, where
   * they lie contiguously in C order in mapped memory and fit a buffer; empty where {@link #read}
   * has to convert or gather them. Every array of a file, of up to 1 GiB, that needs no conversion
   * has a view. The buffer's address is not always a multiple of the element's size. It stays
   * readable after the store is closed.
   *
   * @throws IllegalStateException where the store is closed
   * @throws MalformedWeightsException where bytes that have to be decoded first turn out broken
   */
  default Optional<ByteBuffer> view() {
    return Optional.empty();
  }

  /** Where {@link #view}'s bytes lie in a file. */
  default Optional<FileRegion> region() {
    return Optional.empty();
  }

  /** A run of bytes in a file. */
  record FileRegion(Path file, long offset, long length) {}
}
