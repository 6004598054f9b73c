package dev.graft.mapping;

/**
 * The axes of a strided array, those of length 1 left out and those that lie in order behind each
 * other joined; at least one.
 */
final class Axes {
  private final long[] dims;
  private final long[] strides;
  private final long[] outStrides;
  private int count;

  /**
   * @param strides elements of the source from one index to the next, per axis
   */
  Axes(long[] dims, long[] strides) {
    this.dims = new long[dims.length + 1];
    this.strides = new long[dims.length + 1];
    this.outStrides = new long[dims.length + 1];
    for (int axis = 0; axis < dims.length; axis++) {
      if (count > 0 && this.strides[count - 1] == strides[axis] * dims[axis]) {
        this.dims[count - 1] *= dims[axis];
        this.strides[count - 1] = strides[axis];
      } else if (dims[axis] != 1) {
        this.dims[count] = dims[axis];
        this.strides[count++] = strides[axis];
      }
    }
    if (count == 0) {
      this.dims[count] = 1;
      this.strides[count++] = 1;
    }
    long size = 1;
    for (int axis = count - 1; axis >= 0; axis--) {
      outStrides[axis] = size;
      size *= this.dims[axis];
    }
  }

  int last() {
    return count - 1;
  }

  long length(int axis) {
    return dims[axis];
  }

  /** Elements of the source from one index to the next. */
  long stride(int axis) {
    return strides[axis];
  }

  /** Elements of the result, which is in C order, from one index to the next. */
  long outStride(int axis) {
    return outStrides[axis];
  }

  /** Of the axes from this one on, but the last, the one that is densest in the source. */
  int densest(int from) {
    int densest = from;
    for (int axis = from + 1; axis < last(); axis++) {
      if (Math.abs(strides[axis]) < Math.abs(strides[densest])) {
        densest = axis;
      }
    }
    return densest;
  }
}
