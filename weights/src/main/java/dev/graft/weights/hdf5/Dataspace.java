package dev.graft.weights.hdf5;

import dev.graft.weights.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How many elements there are.
 *
 * @param shape the dimensions, none for a scalar; of one dimension 0 where there is nothing at all
 * @param max the dimensions that it may grow to; as they are where there is no limit
 * @param empty whether it is a null dataspace: a dtype without a value
 */
record Dataspace(Shape shape, List<Long> max, boolean empty) {
  /** A null dataspace. */
  static Dataspace nothing() {
    return new Dataspace(Shape.of(0), List.of(0L), true);
  }

  static Dataspace read(Cursor cursor) {
    int version = cursor.version(1, 2);
    int rank = cursor.u8();
    int flags = cursor.u8();
    int type = cursor.u8();
    if (version == 1) {
      cursor.skip(4);
      type = rank == 0 ? 0 : 1;
    }
    if (type > 2 || (type != 1 && rank > 0)) {
      throw cursor.malformed("dataspace of type " + type + " with " + rank + " dimensions");
    }
    if (rank > Limits.RANK) {
      throw cursor.malformed(rank + " dimensions, expected at most " + Limits.RANK);
    }
    if (type == 2) {
      return nothing();
    }
    long[] dims = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      dims[axis] = cursor.length();
    }
    List<Long> max = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      long greatest = (flags & 1) == 0 ? dims[axis] : cursor.limit();
      if (greatest != Metadata.UNDEFINED && greatest < dims[axis]) {
        throw cursor.malformed("dimension " + dims[axis] + " of at most " + greatest);
      }
      max.add(greatest == Metadata.UNDEFINED ? dims[axis] : greatest);
    }
    try {
      return new Dataspace(Shape.of(dims), max, false);
    } catch (ArithmeticException e) {
      throw cursor.malformed(
          "dimensions " + Arrays.toString(dims) + " have more elements than any file");
    }
  }

  /**
   * Bytes of all elements.
   *
   * @param size bytes of one
   */
  long byteSize(long size, Cursor cursor) {
    try {
      return Math.multiplyExact(shape.elementCount(), size);
    } catch (ArithmeticException e) {
      throw cursor.malformed("dimensions " + shape + " have more bytes than any file");
    }
  }
}
