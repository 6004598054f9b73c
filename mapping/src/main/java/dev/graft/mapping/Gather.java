package dev.graft.mapping;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Copies a run of 4-byte elements of a strided array, in C order. One use. */
final class Gather {
  /** A tile of the two inner axes, in elements: its source lines stay in the first-level cache. */
  private static final int TILE = 32;

  private static final int BYTES = Float.BYTES;

  private final long[] dims;
  private final long[] strides;
  private final ByteBuffer source;
  private final ByteBuffer out;
  private int written;

  /** Both buffers little-endian. Axes that lie in order behind each other are joined. */
  Gather(long[] dims, long[] strides, ByteBuffer source, ByteBuffer out) {
    long[] joinedDims = new long[dims.length + 1];
    long[] joinedStrides = new long[dims.length + 1];
    int count = 0;
    for (int axis = 0; axis < dims.length; axis++) {
      if (count > 0 && joinedStrides[count - 1] == strides[axis] * dims[axis]) {
        joinedDims[count - 1] *= dims[axis];
        joinedStrides[count - 1] = strides[axis];
      } else if (dims[axis] != 1) {
        joinedDims[count] = dims[axis];
        joinedStrides[count++] = strides[axis];
      }
    }
    if (count == 0) {
      joinedDims[count] = 1;
      joinedStrides[count++] = 1;
    }
    this.dims = Arrays.copyOf(joinedDims, count);
    this.strides = Arrays.copyOf(joinedStrides, count);
    this.source = source;
    this.out = out;
  }

  /** Writes the elements [from, to), counted in C order; {@code origin} is where element 0 is. */
  void range(long origin, long from, long to) {
    if (from < to) {
      range(0, origin, from, to);
    }
  }

  private void range(int axis, long origin, long from, long to) {
    if (axis == dims.length - 1) {
      rows(origin + from * strides[axis], 1, 0, (int) (to - from), strides[axis]);
      return;
    }
    long size = 1;
    for (int inner = axis + 1; inner < dims.length; inner++) {
      size *= dims[inner];
    }
    long first = from / size;
    long last = (to - 1) / size;
    boolean plane = axis == dims.length - 2;
    for (long index = first; index <= last; index++) {
      long begin = Math.max(0, from - index * size);
      long end = Math.min(size, to - index * size);
      long start = origin + index * strides[axis];
      if (plane && begin == 0 && end == size) {
        long whole = to / size - index;
        rows(start, (int) whole, strides[axis], (int) size, strides[axis + 1]);
        index += whole - 1;
      } else {
        range(axis + 1, start, begin, end);
      }
    }
  }

  private void rows(long start, int rows, long rowStride, int columns, long columnStride) {
    if (columnStride == 1) {
      for (int row = 0; row < rows; row++) {
        int at = position(start + row * rowStride);
        out.put(written + row * columns * BYTES, source, at, columns * BYTES);
      }
    } else {
      for (int row = 0; row < rows; row += TILE) {
        int height = Math.min(TILE, rows - row);
        for (int column = 0; column < columns; column += TILE) {
          int width = Math.min(TILE, columns - column);
          long corner = start + row * rowStride + column * columnStride;
          tile(corner, height, rowStride, width, columnStride, row * columns + column, columns);
        }
      }
    }
    written += rows * columns * BYTES;
  }

  private void tile(
      long corner, int height, long rowStride, int width, long columnStride, int to, int columns) {
    int step = Math.toIntExact(columnStride * BYTES);
    for (int row = 0; row < height; row++) {
      int at = position(corner + row * rowStride);
      int target = written + (to + row * columns) * BYTES;
      for (int column = 0; column < width; column++) {
        out.putInt(target, source.getInt(at));
        at += step;
        target += BYTES;
      }
    }
  }

  private static int position(long element) {
    return Math.toIntExact(element * BYTES);
  }
}
