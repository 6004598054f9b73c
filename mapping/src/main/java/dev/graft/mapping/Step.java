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
  CONV1_TO_OI_DENSE("[1, 1, in, out]", 4, 2),
  /** Kernels of transposed convolutions: [I, O, H, W] to [H, W, O, I]. */
  IOHW_TO_HWOI("[in, out, height, width]", 4, 4),
  HWOI_TO_IOHW("[height, width, out, in]", 4, 4),
  /** Drops the ones that old Caffe put before the dimensions: [N] or [1, 1, 1, N], to [N]. */
  CAFFE_VECTOR("[n] or [1, 1, 1, n]", 0, 1),
  VECTOR_TO_CAFFE("[n]", 1, 1),
  /** The same for matrices: [O, I] or [1, 1, O, I], to [O, I]. */
  CAFFE_MATRIX("[out, in] or [1, 1, out, in]", 0, 2),
  MATRIX_TO_CAFFE("[out, in]", 2, 2);

  private final String takes;
  private final int rankIn;
  private final int rankOut;

  Step(String takes, int rankIn, int rankOut) {
    this.takes = takes;
    this.rankIn = rankIn;
    this.rankOut = rankOut;
  }

  /** The rank that it takes; 0 for any, or several. */
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
      case IOHW_TO_HWOI -> HWOI_TO_IOHW;
      case HWOI_TO_IOHW -> IOHW_TO_HWOI;
      case CAFFE_VECTOR -> VECTOR_TO_CAFFE;
      case VECTOR_TO_CAFFE -> CAFFE_VECTOR;
      case CAFFE_MATRIX -> MATRIX_TO_CAFFE;
      case MATRIX_TO_CAFFE -> CAFFE_MATRIX;
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
      case IDENTITY, VECTOR_TO_CAFFE, MATRIX_TO_CAFFE -> array;
      case CAFFE_VECTOR -> ReshapedArray.of(array, d[d.length - 1]);
      case CAFFE_MATRIX -> ReshapedArray.of(array, d[d.length - 2], d[d.length - 1]);
      case REVERSE_INPUT_CHANNELS -> GatheredArray.reverse(array, 2);
      case DENSE_TO_CONV7 -> ReshapedArray.of(array, 7, 7, d[0] / 49, d[1]);
      case CONV7_TO_DENSE -> ReshapedArray.of(array, 49 * d[2], d[3]);
      case DENSE_TO_CONV1 -> ReshapedArray.of(array, 1, 1, d[0], d[1]);
      case CONV1_TO_DENSE -> ReshapedArray.of(array, d[2], d[3]);
      case OIHW_TO_HWIO, IOHW_TO_HWOI -> GatheredArray.transpose(array, 2, 3, 1, 0);
      case HWIO_TO_OIHW, HWOI_TO_IOHW -> GatheredArray.transpose(array, 3, 2, 0, 1);
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
      case CAFFE_VECTOR -> requireLeadingOnes(shape, 1);
      case CAFFE_MATRIX -> requireLeadingOnes(shape, 2);
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

  /** Caffe before its blobs had a shape of their own wrote every one with four dimensions. */
  private void requireLeadingOnes(Shape shape, int rank) {
    if (shape.rank() == rank) {
      return;
    }
    if (shape.rank() != 4) {
      throw refusal(shape, "its rank is " + shape.rank() + ", not " + rank + " or 4");
    }
    for (int axis = 0; axis < 4 - rank; axis++) {
      if (shape.dim(axis) != 1) {
        throw refusal(shape, "dimension " + axis + " is " + shape.dim(axis) + ", not 1");
      }
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
