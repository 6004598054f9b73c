package dev.graft.weights;

import java.util.Arrays;

/** The shape of an array: its dimensions, all at least 0, outermost first. Immutable. */
public final class Shape {
  private final long[] dims;
  private final long elementCount;

  private Shape(long[] dims) {
    this.dims = dims;
    long count = 1;
    boolean empty = false;
    for (long dim : dims) {
      if (dim < 0) {
        throw new IllegalArgumentException("a dimension is negative: " + Arrays.toString(dims));
      }
      empty |= dim == 0;
    }
    if (!empty) {
      for (long dim : dims) {
        count = Math.multiplyExact(count, dim);
      }
    }
    this.elementCount = empty ? 0 : count;
  }

  /**
   * A shape of these dimensions.
   *
   * @throws IllegalArgumentException for a negative dimension
   * @throws ArithmeticException where the number of elements overflows a long
   */
  public static Shape of(long... dims) {
    return new Shape(dims.clone());
  }

  /** How many dimensions. */
  public int rank() {
    return dims.length;
  }

  /** One dimension. */
  public long dim(int axis) {
    return dims[axis];
  }

  /** A copy of the dimensions. */
  public long[] dims() {
    return dims.clone();
  }

  /** The product of the dimensions; 1 for a scalar. */
  public long elementCount() {
    return elementCount;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /** {@code [7, 7, 512, 4096]}. */
  @Override
  public String toString() {
    return Arrays.toString(dims);
  }
}
