package dev.graft.capi;

import java.util.Arrays;

/** Checks of shapes. */
final class Shapes {
  private Shapes() {}

  /** The number of elements. */
  static long elementCount(long[] shape) {
    long count = 1;
    for (long dim : shape) {
      if (dim < 0) {
        throw new IllegalArgumentException("negative dimension in " + Arrays.toString(shape));
      }
      try {
        count = Math.multiplyExact(count, dim);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException("too many elements: " + Arrays.toString(shape), e);
      }
    }
    return count;
  }

  /** The size in bytes of a tensor of a type whose elements have a size. */
  static long byteSize(DataType type, long[] shape) {
    if (type.byteSize() == 0) {
      throw new IllegalArgumentException("elements of " + type + " have no fixed size");
    }
    long count = elementCount(shape);
    try {
      return Math.multiplyExact(count, type.byteSize());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("too many bytes: " + Arrays.toString(shape), e);
    }
  }

  /** The shape of an array's values: as given, or [length] if none is given. */
  static long[] ofValues(int length, long[] shape) {
    if (shape.length == 0) {
      return new long[] {length};
    }
    if (elementCount(shape) != length) {
      throw new IllegalArgumentException(
          "shape "
              + Arrays.toString(shape)
              + " has "
              + elementCount(shape)
              + " elements, the array "
              + length);
    }
    return shape.clone();
  }
}
