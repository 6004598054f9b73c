package dev.graft.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Arrays in memory, and helpers for every array. */
public final class WeightArrays {
  private WeightArrays() {}

  /**
   * A float32 array in memory, outside the heap.
   *
   * @param data its elements in C order; copied
   * @throws IllegalArgumentException where the dimensions do not multiply to their number
   */
  public static WeightArray of(float[] data, long... dims) {
    Shape shape = Shape.of(dims);
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(Math.multiplyExact(data.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(data);
    return new MemoryArray(DType.FLOAT32, shape, bytes);
  }

  /**
   * An array over a buffer.
   *
   * @param elements from its position to its limit the elements' bytes, in C order and
   *     little-endian; kept, not copied, so that nobody may write to it any more; a direct one
   *     makes {@link WeightArray#view} possible
   * @throws IllegalArgumentException where there are not exactly as many bytes as the array has
   */
  public static WeightArray of(DType dtype, Shape shape, ByteBuffer elements) {
    return new MemoryArray(dtype, shape, elements.slice());
  }

  /** A scalar of type int64. */
  public static WeightArray of(long value) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    return new MemoryArray(DType.INT64, Shape.of(), bytes.putLong(0, value));
  }

  /**
   * All elements of a small float32 array, in C order.
   *
   * @throws IllegalArgumentException for another dtype, or an array that fits no Java array
   */
  public static float[] floats(WeightArray array) {
    if (array.dtype() != DType.FLOAT32) {
      throw new IllegalArgumentException("a float32 array is needed, not " + array.dtype());
    }
    if (array.byteSize() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("too large for a Java array: " + array.shape());
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) array.byteSize()).order(ByteOrder.LITTLE_ENDIAN);
    array.read(0, bytes);
    float[] data = new float[bytes.capacity() / Float.BYTES];
    bytes.flip().asFloatBuffer().get(data);
    return data;
  }

  /**
   * The index, in C order, of the first element that is infinite or not a number; -1 where all are
   * finite, as integers always are. Runs at the speed of memory where the array has a view.
   */
  public static long firstNonFinite(WeightArray array) {
    return NonFiniteScan.of(array.dtype()).map(scan -> scan.first(array)).orElse(-1L);
  }

  /**
   * A floating point array as float16, bfloat16, float32 or float64: each element the nearest one,
   * ties to even, beyond the largest infinite. A NaN stays one, with its sign and the leading bits
   * of its payload, and becomes quiet; one of 8 bits becomes Java's. The elements are converted
   * when they are read; nothing is kept. An array that has the type already, and one of integers or
   * complex numbers, is given back as it is.
   *
   * @throws IllegalArgumentException where the wanted type is none of the four
   */
  public static WeightArray cast(WeightArray array, DType dtype) {
    if (!CastArray.gives(dtype)) {
      throw new IllegalArgumentException("not a type to cast to: " + dtype);
    }
    return array.dtype() == dtype || !CastArray.takes(array.dtype())
        ? array
        : new CastArray(array, dtype);
  }

  /** The SHA-256 of an array's elements (C order, little-endian), in hexadecimal. */
  public static String sha256(WeightArray array) {
    ElementHash hash = new ElementHash();
    ArrayPieces.of(array).forEach(hash);
    return hash.hex();
  }

  /**
   * Checks the arguments of {@link WeightArray#read}; for those who implement it.
   *
   * @throws IllegalArgumentException for a run that is not made of whole elements of the array
   */
  public static void checkRange(WeightArray array, long offset, long length) {
    int size = array.dtype().byteSize();
    if (offset < 0 || offset > array.byteSize() || length > array.byteSize() - offset) {
      throw new IllegalArgumentException(
          "bytes " + offset + " to " + (offset + length) + " of an array of " + array.byteSize());
    }
    if (offset % size != 0 || length % size != 0) {
      throw new IllegalArgumentException(
          "offset "
              + offset
              + " or length "
              + length
              + " is no multiple of the element size "
              + size);
    }
  }
}
