package dev.graft.mapping;

import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;

/**
 * One named change of layout. Letters as usual: H and W of the kernel, I input and O output
 * channels. Dense kernels have 7×7 positions flattened into their rows (or columns).
 */
enum Step {
  IDENTITY("any array", 0, 0),
  /** [H, W, I, O] with I backwards: RGB to BGR and back. */
  REVERSE_INPUT_CHANNELS("[height, width, in, out]", 4, 4),
  /** [49·I, O], rows in H, W, I order, to [7, 7, I, O]. */
  DENSE_TO_CONV7("[49·in, out]", 2, 4),
  CONV7_TO_DENSE("[7, 7, in, out]", 4, 2),
  /** [I, O] to [1, 1, I, O]. */
  DENSE_TO_CONV1("[in, out]", 2, 4),
  CONV1_TO_DENSE("[1, 1, in, out]", 4, 2),
  OIHW_TO_HWIO("[out, in, height, width]", 4, 4),
  HWIO_TO_OIHW("[height, width, in, out]", 4, 4),
  /** [O, 49·I], columns in I, H, W order, to [7, 7, I, O]. */
  CHW_DENSE_TO_CONV7("[out, in·49]", 2, 4),
  CONV7_TO_CHW_DENSE("[7, 7, in, out]", 4, 2),
  /** [O, I] to [1, 1, I, O]. */
  OI_DENSE_TO_CONV1("[out, in]", 2, 4),
  CONV1_TO_OI_DENSE("[1, 1, in, out]", 4, 2);

  private final String takes;
  private final int rankIn;
  private final int rankOut;

  Step(String takes, int rankIn, int rankOut) {
    this.takes = takes;
    this.rankIn = rankIn;
    this.rankOut = rankOut;
  }

  /** The rank that it takes; 0 for any. */
  int rankIn() {
    return rankIn;
  }

  /** The rank that it gives; 0 for the one that it took. */
  int rankOut() {
    return rankOut;
  }

  Step inverse() {
    return switch (this) {
      case IDENTITY -> IDENTITY;
      case REVERSE_INPUT_CHANNELS -> REVERSE_INPUT_CHANNELS;
      case DENSE_TO_CONV7 -> CONV7_TO_DENSE;
      case CONV7_TO_DENSE -> DENSE_TO_CONV7;
      case DENSE_TO_CONV1 -> CONV1_TO_DENSE;
      case CONV1_TO_DENSE -> DENSE_TO_CONV1;
      case OIHW_TO_HWIO -> HWIO_TO_OIHW;
      case HWIO_TO_OIHW -> OIHW_TO_HWIO;
      case CHW_DENSE_TO_CONV7 -> CONV7_TO_CHW_DENSE;
      case CONV7_TO_CHW_DENSE -> CHW_DENSE_TO_CONV7;
      case OI_DENSE_TO_CONV1 -> CONV1_TO_OI_DENSE;
      case CONV1_TO_OI_DENSE -> OI_DENSE_TO_CONV1;
    };
  }

  /** The shape after it, found by {@link #apply(WeightArray)} so that the two cannot differ. */
  Shape apply(Shape shape) {
    return apply(new ShapeOnly(shape)).shape();
  }

  WeightArray apply(WeightArray array) {
    requireTakes(array.shape());
    long[] d = array.shape().dims();
    return switch (this) {
      case IDENTITY -> array;
      case REVERSE_INPUT_CHANNELS -> GatheredArray.reverse(array, 2);
      case DENSE_TO_CONV7 -> ReshapedArray.of(array, 7, 7, d[0] / 49, d[1]);
      case CONV7_TO_DENSE -> ReshapedArray.of(array, 49 * d[2], d[3]);
      case DENSE_TO_CONV1 -> ReshapedArray.of(array, 1, 1, d[0], d[1]);
      case CONV1_TO_DENSE -> ReshapedArray.of(array, d[2], d[3]);
      case OIHW_TO_HWIO -> GatheredArray.transpose(array, 2, 3, 1, 0);
      case HWIO_TO_OIHW -> GatheredArray.transpose(array, 3, 2, 0, 1);
      case CHW_DENSE_TO_CONV7 ->
          GatheredArray.transpose(ReshapedArray.of(array, d[0], d[1] / 49, 7, 7), 2, 3, 1, 0);
      case CONV7_TO_CHW_DENSE ->
          ReshapedArray.of(GatheredArray.transpose(array, 3, 2, 0, 1), d[3], 49 * d[2]);
      case OI_DENSE_TO_CONV1 ->
          ReshapedArray.of(GatheredArray.transpose(array, 1, 0), 1, 1, d[1], d[0]);
      case CONV1_TO_OI_DENSE -> GatheredArray.transpose(ReshapedArray.of(array, d[2], d[3]), 1, 0);
    };
  }

  private void requireTakes(Shape shape) {
    if (rankIn != 0 && shape.rank() != rankIn) {
      throw refusal(shape, "its rank is " + shape.rank() + ", not " + rankIn);
    }
    switch (this) {
      case DENSE_TO_CONV7 -> requireMultipleOf49(shape, 0);
      case CHW_DENSE_TO_CONV7 -> requireMultipleOf49(shape, 1);
      case CONV7_TO_DENSE, CONV7_TO_CHW_DENSE -> requireWindow(shape, 7);
      case CONV1_TO_DENSE, CONV1_TO_OI_DENSE -> requireWindow(shape, 1);
      default -> {}
    }
  }

  private void requireMultipleOf49(Shape shape, int axis) {
    if (shape.dim(axis) % 49 != 0) {
      throw refusal(shape, shape.dim(axis) + " is not a multiple of 49 (7×7)");
    }
  }

  private void requireWindow(Shape shape, int size) {
    if (shape.dim(0) != size || shape.dim(1) != size) {
      throw refusal(shape, "its first two dimensions are not " + size + ", " + size);
    }
  }

  private IllegalArgumentException refusal(Shape shape, String reason) {
    return new IllegalArgumentException(
        this + " takes " + takes + ", found " + shape + ": " + reason);
  }

  /** As tables have it: {@code dense_to_conv7}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Stands for an array of which nothing but the shape matters. */
  private record ShapeOnly(Shape shape) implements WeightArray {
    @Override
    public DType dtype() {
      return DType.FLOAT32;
    }

    @Override
    public void read(long offset, ByteBuffer dst) {
      throw new IllegalStateException("there are no bytes behind a shape");
    }

    @Override
    public Optional<ByteBuffer> view() {
      throw new IllegalStateException("there are no bytes behind a shape");
    }
  }
}
