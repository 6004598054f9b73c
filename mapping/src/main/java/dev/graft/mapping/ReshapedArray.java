package dev.graft.mapping;

import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The same bytes under another shape; no copy. */
final class ReshapedArray implements WeightArray {
  private final WeightArray base;
  private final Shape shape;

  private ReshapedArray(WeightArray base, Shape shape) {
    this.base = base;
    this.shape = shape;
  }

  static WeightArray of(WeightArray array, long... dims) {
    Shape shape = Shape.of(dims);
    if (shape.elementCount() != array.shape().elementCount()) {
      throw new IllegalArgumentException(
          array.shape() + " and " + shape + " differ in their number of elements");
    }
    WeightArray base = array instanceof ReshapedArray reshaped ? reshaped.base : array;
    return base.shape().equals(shape) ? base : new ReshapedArray(base, shape);
  }

  @Override
  public DType dtype() {
    return base.dtype();
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public void read(long offset, ByteBuffer dst) {
    base.read(offset, dst);
  }

  @Override
  public Optional<ByteBuffer> view() {
    return base.view();
  }

  @Override
  public Optional<FileRegion> region() {
    return base.region();
  }
}
