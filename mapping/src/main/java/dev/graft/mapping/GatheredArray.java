package dev.graft.mapping;

import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightsException;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A float32 array with its axes permuted or reversed: elements are fetched from the base by strides
 * when they are read. A base without a view is read whole once, most often into a temporary file,
 * and kept while memory allows.
 */
final class GatheredArray implements WeightArray {
  private final WeightArray base;
  private final Shape shape;

  /** Elements of the base from one index to the next, per axis. */
  private final long[] strides;

  /** The element of the base that index 0, 0, … is. */
  private final long origin;

  private final Axes axes;
  private final ReadAhead ahead;

  private SoftReference<ByteBuffer> wholeBase = new SoftReference<>(null);

  private GatheredArray(WeightArray base, Shape shape, long[] strides, long origin) {
    this.base = base;
    this.shape = shape;
    this.strides = strides;
    this.origin = origin;
    this.axes = new Axes(shape.dims(), strides);
    this.ahead = new ReadAhead(byteSize(), axes.outStride(0) * Float.BYTES);
  }

  /** Axis k of the result is axis {@code axes[k]} of the array. */
  static WeightArray transpose(WeightArray array, int... axes) {
    GatheredArray from = gathered(array);
    long[] dims = new long[axes.length];
    long[] strides = new long[axes.length];
    for (int k = 0; k < axes.length; k++) {
      dims[k] = from.shape.dim(axes[k]);
      strides[k] = from.strides[axes[k]];
    }
    return simplest(from.base, Shape.of(dims), strides, from.origin);
  }

  /** One axis backwards. */
  static WeightArray reverse(WeightArray array, int axis) {
    GatheredArray from = gathered(array);
    long[] strides = from.strides.clone();
    long last = Math.max(0, from.shape.dim(axis) - 1);
    long origin = from.origin + last * strides[axis];
    strides[axis] = -strides[axis];
    return simplest(from.base, from.shape, strides, origin);
  }

  private static GatheredArray gathered(WeightArray array) {
    if (array instanceof GatheredArray gathered) {
      return gathered;
    }
    if (array.dtype() != DType.FLOAT32) {
      throw new IllegalArgumentException("only float32 is rearranged, found " + array.dtype());
    }
    return new GatheredArray(array, array.shape(), contiguous(array.shape()), 0);
  }

  /** Steps that undo each other give the base back. */
  private static WeightArray simplest(WeightArray base, Shape shape, long[] strides, long origin) {
    long[] contiguous = contiguous(shape);
    boolean inOrder = origin == 0;
    for (int axis = 0; axis < strides.length; axis++) {
      inOrder &= shape.dim(axis) == 1 || strides[axis] == contiguous[axis];
    }
    return inOrder || shape.elementCount() == 0
        ? ReshapedArray.of(base, shape.dims())
        : new GatheredArray(base, shape, strides, origin);
  }

  private static long[] contiguous(Shape shape) {
    long[] strides = new long[shape.rank()];
    long stride = 1;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape.dim(axis);
    }
    return strides;
  }

  @Override
  public DType dtype() {
    return DType.FLOAT32;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public void read(long offset, ByteBuffer dst) {
    int length = dst.remaining();
    if (offset < 0 || offset > byteSize() - length || (offset | length) % Float.BYTES != 0) {
      throw new IndexOutOfBoundsException(
          "bytes [" + offset + ", +" + length + ") of an array of " + byteSize() + " bytes");
    }
    ByteBuffer source = source();
    ahead.read(
        offset, dst.slice().order(ByteOrder.LITTLE_ENDIAN), (at, out) -> gather(source, at, out));
    dst.position(dst.limit());
  }

  private void gather(ByteBuffer source, long offset, ByteBuffer out) {
    long from = offset / Float.BYTES;
    new Gather(axes, source, out.slice().order(ByteOrder.LITTLE_ENDIAN))
        .range(origin, from, from + out.remaining() / Float.BYTES);
  }

  private ByteBuffer source() {
    return base.view().orElseGet(this::wholeBase).duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  private synchronized ByteBuffer wholeBase() {
    ByteBuffer whole = wholeBase.get();
    if (whole == null) {
      if (base.byteSize() > Integer.MAX_VALUE) {
        throw new WeightsException(
            "an array of shape "
                + base.shape()
                + " is too large to rearrange: "
                + base.byteSize()
                + " bytes, at most "
                + Integer.MAX_VALUE);
      }
      whole = WholeBase.of(base);
      wholeBase = new SoftReference<>(whole);
    }
    return whole;
  }
}
