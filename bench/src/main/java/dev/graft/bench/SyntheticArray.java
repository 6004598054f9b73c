package dev.graft.bench;

import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArrays;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * A float32 parameter with made-up values, computed when read: each depends on the seed, the name
 * and its index only. Kernels are uniform with He's deviation, sqrt(2 / fan-in), so that
 * activations neither die out nor overflow however deep the network; biases are within ±0.01.
 */
final class SyntheticArray implements WeightArray {
  /** The standard deviation of pixels, by which the first layer is divided. */
  private static final double PIXEL_DEVIATION = 64;

  private final Shape shape;
  private final long key;
  private final float halfWidth;

  SyntheticArray(String name, Shape shape, long seed) {
    this.shape = shape;
    this.key = new SplittableRandom(seed * 31 + name.hashCode()).nextLong();
    this.halfWidth = halfWidth(name, shape);
  }

  private static float halfWidth(String name, Shape shape) {
    if (shape.rank() < 2) {
      return 0.01f;
    }
    long fanIn = shape.elementCount() / shape.dim(shape.rank() - 1);
    // The deviation of a uniform distribution is half its width over the root of 3.
    double halfWidth = Math.sqrt(3) * Math.sqrt(2.0 / fanIn);
    return (float) (name.endsWith("/conv1_1/kernel") ? halfWidth / PIXEL_DEVIATION : halfWidth);
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
    WeightArrays.checkRange(this, offset, dst.remaining());
    ByteOrder order = dst.order();
    dst.order(ByteOrder.LITTLE_ENDIAN);
    for (long index = offset / Float.BYTES; dst.hasRemaining(); index++) {
      dst.putFloat(value(index));
    }
    dst.order(order);
  }

  private float value(long index) {
    // The mixing function of SplitMix64.
    long bits = key + index * 0x9e3779b97f4a7c15L;
    bits = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    bits = (bits ^ (bits >>> 27)) * 0x94d049bb133111ebL;
    return (bits >> 40) * (1f / (1 << 23)) * halfWidth;
  }
}
