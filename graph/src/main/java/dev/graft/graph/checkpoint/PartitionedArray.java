package dev.graft.graph.checkpoint;

import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArrays;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** A partitioned variable: slices along one dimension, seen as the one array that they make up. */
final class PartitionedArray implements WeightArray {
  /** The most slices of a variable. TensorFlow compares each with each other. */
  static final int MAX_SLICES = 512;

  /** One slice, and its elements. */
  record Part(TensorSlice slice, WeightArray elements) {}

  private final DType dtype;
  private final Shape shape;
  private final List<WeightArray> parts;

  /** Where, in bytes, each part begins in a row of the dimensions from the partitioned one on. */
  private final long[] starts;

  private final long rowBytes;

  private PartitionedArray(DType dtype, Shape shape, int axis, List<Part> parts) {
    this.dtype = dtype;
    this.shape = shape;
    this.parts = parts.stream().map(Part::elements).toList();
    long innerBytes = dtype.byteSize();
    for (int inner = axis + 1; inner < shape.rank(); inner++) {
      innerBytes *= shape.dim(inner);
    }
    this.rowBytes = innerBytes * shape.dim(axis);
    this.starts = new long[parts.size()];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = parts.get(i).slice().start(axis) * innerBytes;
    }
  }

  /**
   * Joins slices.
   *
   * @param shape of the whole
   * @param parts whose slices lie in that shape, and whose elements have the slice's shape
   * @param place where the list of slices stands
   * @throws dev.graft.weights.MalformedWeightsException where they are not all of it, overlap, or
   *     divide several dimensions
   */
  static WeightArray join(
      DType dtype, Shape shape, List<Part> parts, Cursor place, String variable) {
    if (parts.size() == 1 && parts.get(0).slice().covers(shape)) {
      return parts.get(0).elements();
    }
    int axis = axis(shape, parts, place, variable);
    List<Part> sorted = new ArrayList<>(parts);
    sorted.sort(Comparator.comparingLong(part -> part.slice().start(axis)));
    long next = 0;
    for (Part part : sorted) {
      if (part.slice().start(axis) != next) {
        throw place.error(
            variable
                + ": a slice of dimension "
                + axis
                + " begins at "
                + part.slice().start(axis)
                + ", expected at "
                + next);
      }
      next += part.elements().shape().dim(axis);
    }
    if (next != shape.dim(axis)) {
      throw place.error(
          variable + ": its slices end at " + next + " of dimension " + axis + " of " + shape);
    }
    return new PartitionedArray(dtype, shape, axis, sorted);
  }

  private static int axis(Shape shape, List<Part> parts, Cursor place, String variable) {
    int axis = -1;
    for (Part part : parts) {
      for (int i = 0; i < shape.rank(); i++) {
        if (part.elements().shape().dim(i) == shape.dim(i)) {
          continue;
        }
        if (axis >= 0 && axis != i) {
          throw place.error(
              variable
                  + ": its slices divide the dimensions "
                  + axis
                  + " and "
                  + i
                  + "; variables that are divided along one are joined");
        }
        axis = i;
      }
    }
    if (axis < 0) {
      throw place.error(variable + ": expected one slice, found " + parts.size());
    }
    return axis;
  }

  @Override
  public DType dtype() {
    return dtype;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public void read(long offset, ByteBuffer dst) {
    WeightArrays.checkRange(this, offset, dst.remaining());
    long at = offset;
    int limit = dst.limit();
    while (dst.position() < limit) {
      long row = at / rowBytes;
      long inRow = at % rowBytes;
      int found = Arrays.binarySearch(starts, inRow);
      int index = found >= 0 ? found : -found - 2;
      long end = index + 1 < starts.length ? starts[index + 1] : rowBytes;
      int count = (int) Math.min(end - inRow, limit - dst.position());
      long partRowBytes = end - starts[index];
      dst.limit(dst.position() + count);
      parts.get(index).read(row * partRowBytes + inRow - starts[index], dst);
      dst.limit(limit);
      at += count;
    }
  }
}
