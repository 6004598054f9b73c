package dev.graft.weights.io;

import dev.graft.weights.Shape;
import java.util.Arrays;

/**
 * The axes of a strided array, outermost first, as few as describe it: those of one element are
 * left out, and those that follow each other in memory are joined. Immutable.
 */
final class StridedAxes {
  private final long[] dims;
  private final long[] strides;

  private StridedAxes(long[] dims, long[] strides) {
    this.dims = dims;
    this.strides = strides;
  }

  /** The axes of a shape; none where it has at most one element. */
  static StridedAxes of(Shape shape, long[] strides) {
    long[] dims = new long[shape.rank()];
    long[] steps = new long[shape.rank()];
    int count = 0;
    for (int axis = 0; axis < shape.rank() && shape.elementCount() > 0; axis++) {
      long dim = shape.dim(axis);
      long stride = strides[axis];
      if (dim == 1) {
        continue;
      }
      if (count > 0 && steps[count - 1] == stride * dim) {
        dims[count - 1] *= dim;
        steps[count - 1] = stride;
      } else {
        dims[count] = dim;
        steps[count] = stride;
        count++;
      }
    }
    return new StridedAxes(Arrays.copyOf(dims, count), Arrays.copyOf(steps, count));
  }

  int rank() {
    return dims.length;
  }

  /** The elements along an axis, at least 2. */
  long dim(int axis) {
    return dims[axis];
  }

  /** How many elements lie between neighbours along an axis, at least 0. */
  long stride(int axis) {
    return strides[axis];
  }

  /** Whether the elements lie one after the other in C order. */
  boolean inOrder() {
    return rank() == 0 || (rank() == 1 && strides[0] == 1);
  }

  /** How many elements the array reaches over, from its first to its last. */
  long extent() {
    long extent = 1;
    for (int axis = 0; axis < rank(); axis++) {
      extent += (dims[axis] - 1) * strides[axis];
    }
    return extent;
  }

  /** Where, in elements from the first, the row of this index lies; a row is the last axis. */
  long row(long index) {
    long rest = index;
    long at = 0;
    for (int axis = rank() - 2; axis >= 0; axis--) {
      at += rest % dims[axis] * strides[axis];
      rest /= dims[axis];
    }
    return at;
  }
}
