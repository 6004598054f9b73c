package dev.graft.weights.io;

import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArrays;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An array whose elements lie in one run of bytes, in either byte order, one after the other or at
 * any strides.
 */
public final class StoredArray implements WeightArray {
  private final Bytes bytes;
  private final long start;
  private final DType dtype;
  private final Shape shape;
  private final boolean bigEndian;

  /** Reads elements that do not lie in C order; null where they do. */
  private final StridedReader strided;

  /**
   * An array of {@code dtype} and {@code shape}, whose first byte is at {@code start}. The caller
   * has checked that all of it lies in {@code bytes}.
   *
   * @param bigEndian whether each element has its most significant byte first
   * @param fortran whether the first dimension varies fastest
   */
  public StoredArray(
      Bytes bytes, long start, DType dtype, Shape shape, boolean bigEndian, boolean fortran) {
    this(bytes, start, dtype, shape, bigEndian, fortran ? fortranStrides(shape) : null);
  }

  /**
   * An array of {@code dtype} and {@code shape}, whose first element's first byte is at {@code
   * start}. The caller has checked that all elements lie in {@code bytes}.
   *
   * @param bigEndian whether each element has its most significant byte first
   * @param strides how many elements lie between neighbours along each dimension, at least 0; null
   *     for C order
   */
  public StoredArray(
      Bytes bytes, long start, DType dtype, Shape shape, boolean bigEndian, long[] strides) {
    this.bytes = bytes;
    this.start = start;
    this.dtype = dtype;
    this.shape = shape;
    this.bigEndian = bigEndian && dtype.componentSize() > 1;
    StridedAxes axes = strides == null ? null : StridedAxes.of(shape, strides);
    this.strided =
        axes == null || axes.inOrder()
            ? null
            : new StridedReader(bytes, start, dtype, axes, this.bigEndian);
  }

  private static long[] fortranStrides(Shape shape) {
    long[] strides = new long[shape.rank()];
    long stride = 1;
    for (int axis = 0; axis < strides.length && shape.elementCount() > 0; axis++) {
      strides[axis] = stride;
      stride *= shape.dim(axis);
    }
    return strides;
  }

  @Override
  public DType dtype() {
    return dtype;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public void read(long offset, ByteBuffer dst) {
    WeightArrays.checkRange(this, offset, dst.remaining());
    if (strided != null) {
      strided.read(offset / dtype.byteSize(), dst);
      return;
    }
    int from = dst.position();
    bytes.read(start + offset, dst);
    if (bigEndian) {
      Components.copy(dst.duplicate(), from, true, dst, from, dst.position() - from, dtype);
    }
  }

  @Override
  public Optional<ByteBuffer> view() {
    return inPlace() ? bytes.slice(start, byteSize()) : Optional.empty();
  }

  @Override
  public Optional<FileRegion> region() {
    return inPlace() ? bytes.region(start, byteSize()) : Optional.empty();
  }

  private boolean inPlace() {
    return strided == null && !bigEndian;
  }
}
