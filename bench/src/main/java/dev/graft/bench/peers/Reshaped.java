package dev.graft.bench.peers;

import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import java.nio.ByteBuffer;

/** The same values in the same order under another shape. */
record Reshaped(WeightArray array, Shape shape) implements WeightArray {
  Reshaped {
    if (array.shape().elementCount() != shape.elementCount()) {
      throw new IllegalArgumentException(array.shape() + " cannot become " + shape);
    }
  }

  @Override
  public DType dtype() {
    return array.dtype();
  }

  @Override
  public void read(long offset, ByteBuffer dst) {
    array.read(offset, dst);
  }
}
