package dev.graft.weights;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Arrays as ND4J's, for embedders and for casts and permutations. The only class here that loads
 * ND4J, which takes most of a second: nothing on the path of opening and reading weights refers to
 * it.
 *
 * <p>ND4J's own npy reader is never used: it crashes on, or misreads, files that are valid. What it
 * gets has passed this package's readers and is little-endian and in C order.
 */
public final class Nd4jArrays {
  private static final int PIECE_BYTES = 1 << 30;

  private Nd4jArrays() {}

  /**
   * The array as an {@code INDArray} of the same dtype and shape, in C order. A copy, in ND4J's own
   * memory: ND4J has no read-only arrays, and an operation in place on a mapped file would kill the
   * process.
   *
   * @throws IllegalArgumentException for complex numbers and 8-bit floats, which ND4J does not have
   */
  public static INDArray of(WeightArray array) {
    DataType type = dataType(array.dtype());
    if (array.shape().elementCount() == 0) {
      return Nd4j.create(type, array.shape().dims());
    }
    INDArray copy = Nd4j.createUninitialized(type, array.shape().dims(), 'c');
    long size = array.byteSize();
    for (long at = 0; at < size; at += PIECE_BYTES) {
      int count = (int) Math.min(PIECE_BYTES, size - at);
      array.read(at, bytes(copy, at, count));
    }
    return copy;
  }

  /**
   * An {@code INDArray}, of any order or stride, as an array of the same dtype and shape. Copies,
   * if need be, so that its elements are in C order; shares memory with the {@code INDArray} if
   * not.
   *
   * @throws IllegalArgumentException for a dtype that is not numeric, or more than 2 GiB
   */
  public static WeightArray from(INDArray array) {
    DType dtype = dtype(array.dataType());
    Shape shape = Shape.of(array.shape());
    long size = Math.multiplyExact(shape.elementCount(), (long) dtype.byteSize());
    if (size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("larger than 2 GiB: " + dtype + " " + shape);
    }
    if (size == 0) {
      return WeightArrays.of(dtype, shape, ByteBuffer.allocateDirect(0));
    }
    INDArray contiguous = array.dup('c');
    // The buffer alone does not keep ND4J's memory alive.
    return new Held(contiguous, WeightArrays.of(dtype, shape, bytes(contiguous, 0, (int) size)));
  }

  /** The array with its elements converted to another dtype, as ND4J converts them. */
  public static INDArray cast(INDArray array, DType dtype) {
    return array.castTo(dataType(dtype));
  }

  /** The array with its axes in this order, copied to C order. */
  public static INDArray permute(INDArray array, int... axes) {
    return array.permute(axes).dup('c');
  }

  private static ByteBuffer bytes(INDArray array, long offset, int count) {
    Pointer start = array.data().addressPointer();
    BytePointer bytes = new BytePointer(start);
    return bytes
        .position(offset)
        .limit(offset + count)
        .asByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static DataType dataType(DType dtype) {
    return nd4jType(dtype)
        .orElseThrow(() -> new IllegalArgumentException("ND4J has no dtype " + dtype));
  }

  private static Optional<DataType> nd4jType(DType dtype) {
    return switch (dtype) {
      case BOOL -> Optional.of(DataType.BOOL);
      case INT8 -> Optional.of(DataType.INT8);
      case UINT8 -> Optional.of(DataType.UINT8);
      case INT16 -> Optional.of(DataType.INT16);
      case UINT16 -> Optional.of(DataType.UINT16);
      case INT32 -> Optional.of(DataType.INT32);
      case UINT32 -> Optional.of(DataType.UINT32);
      case INT64 -> Optional.of(DataType.INT64);
      case UINT64 -> Optional.of(DataType.UINT64);
      case FLOAT16 -> Optional.of(DataType.FLOAT16);
      case BFLOAT16 -> Optional.of(DataType.BFLOAT16);
      case FLOAT32 -> Optional.of(DataType.FLOAT);
      case FLOAT64 -> Optional.of(DataType.DOUBLE);
      case FLOAT8_E5M2,
          FLOAT8_E4M3FN,
          FLOAT8_E8M0,
          FLOAT8_E5M2FNUZ,
          FLOAT8_E4M3FNUZ,
          COMPLEX64,
          COMPLEX128 ->
          Optional.empty();
    };
  }

  private static DType dtype(DataType type) {
    for (DType dtype : DType.values()) {
      if (nd4jType(dtype).filter(same -> same == type).isPresent()) {
        return dtype;
      }
    }
    throw new IllegalArgumentException("not a numeric dtype: " + type);
  }

  /** An array whose memory another object owns. */
  private record Held(INDArray owner, WeightArray array) implements WeightArray {
    @Override
    public DType dtype() {
      return array.dtype();
    }

    @Override
    public Shape shape() {
      return array.shape();
    }

    @Override
    public void read(long offset, ByteBuffer dst) {
      try {
        array.read(offset, dst);
      } finally {
        Reference.reachabilityFence(owner);
      }
    }
  }
}
