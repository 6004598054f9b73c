package dev.graft.mapping;

import java.nio.ByteBuffer;

/** Copies a run of 4-byte elements of a strided array, in C order. One use. */
final class Gather {
  /** A tile along the axis that is dense in the result, in elements. */
  private static final int TILE = 64;

  /** A tile along the axis that is densest in the source. */
  private static final int NEAR_TILE = 32;

  private static final int BYTES = Float.BYTES;

  private final Axes axes;
  private final ByteBuffer source;
  private final ByteBuffer out;

  /** Of the axes that a block goes through, but the last, the one densest in the source. */
  private int near;

  /** The element of the result that the first one written is. */
  private long first;

  /** Both buffers little-endian. */
  Gather(Axes axes, ByteBuffer source, ByteBuffer out) {
    this.axes = axes;
    this.source = source;
    this.out = out;
  }

  /** Writes the elements [from, to), counted in C order; {@code origin} is where element 0 is. */
  void range(long origin, long from, long to) {
    first = from;
    if (from < to) {
      range(0, origin, 0, from, to);
    }
  }

  /**
   * The elements [from, to) of what lies below one index of the axes before.
   *
   * @param start where element 0 of it is in the source
   * @param at which element of the result that is
   */
  private void range(int axis, long start, long at, long from, long to) {
    long size = axes.outStride(axis);
    long begin = from / size;
    long end = to / size;
    if (begin * size < from) {
      part(axis, start, at, from, Math.min(to, (begin + 1) * size));
      begin++;
    }
    if (begin < end) {
      near = axes.densest(axis);
      long corner = start + begin * axes.stride(axis);
      block(axis, end - begin, corner, at + begin * size - first);
    }
    if (begin <= end && end * size < to) {
      part(axis, start, at, end * size, to);
    }
  }

  /** Elements that lie below one index of an axis. */
  private void part(int axis, long start, long at, long from, long to) {
    long index = from / axes.outStride(axis);
    long below = index * axes.outStride(axis);
    range(axis + 1, start + index * axes.stride(axis), at + below, from - below, to - below);
  }

  /** Some indices of an axis, with all that lies below them. */
  private void block(int axis, long count, long from, long to) {
    int last = axes.last();
    if (axes.stride(last) == 1 || last == axis) {
      runs(axis, count, from, to);
      return;
    }
    long rows = near == axis ? count : axes.length(near);
    for (long row = 0; row < rows; row += NEAR_TILE) {
      int height = (int) Math.min(NEAR_TILE, rows - row);
      long rowFrom = from + row * axes.stride(near);
      long rowTo = to + row * axes.outStride(near);
      for (long column = 0; column < axes.length(last); column += TILE) {
        int width = (int) Math.min(TILE, axes.length(last) - column);
        long tileFrom = rowFrom + column * axes.stride(last);
        tiles(axis, count, tileFrom, rowTo + column, height, width);
      }
    }
  }

  /** The last axis as a whole, for every index of those before. */
  private void runs(int axis, long count, long from, long to) {
    if (axis < axes.last()) {
      for (long index = 0; index < count; index++) {
        long next = from + index * axes.stride(axis);
        runs(axis + 1, axes.length(axis + 1), next, to + index * axes.outStride(axis));
      }
    } else if (axes.stride(axis) == 1) {
      out.put(position(to), source, position(from), position(count));
    } else {
      tile(from, to, 1, (int) count);
    }
  }

  /** A tile of the densest and the last axis, for every index of the others. */
  private void tiles(int axis, long count, long from, long to, int height, int width) {
    if (axis == axes.last()) {
      tile(from, to, height, width);
      return;
    }
    long indices = axis == near ? 1 : count;
    for (long index = 0; index < indices; index++) {
      long next = from + index * axes.stride(axis);
      long target = to + index * axes.outStride(axis);
      tiles(axis + 1, axes.length(axis + 1), next, target, height, width);
    }
  }

  /** Column by column, so that a line of the source is read once, while it is in the cache. */
  private void tile(long from, long to, int height, int width) {
    int columnStep = position(axes.stride(axes.last()));
    int rowStep = position(axes.stride(near));
    int outStep = position(axes.outStride(near));
    int column = position(from);
    int target = position(to);
    for (int c = 0; c < width; c++) {
      int at = column;
      int put = target;
      for (int r = 0; r < height; r++) {
        out.putInt(put, source.getInt(at));
        at += rowStep;
        put += outStep;
      }
      column += columnStep;
      target += BYTES;
    }
  }

  private static int position(long element) {
    return Math.toIntExact(element * BYTES);
  }
}
