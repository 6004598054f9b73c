package dev.graft.graph.checkpoint;

import dev.graft.weights.Shape;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The part of a tensor that a checkpoint has under a key of its own: along each dimension all of
 * it, or a start and a length.
 */
final class TensorSlice {
  private static final long ALL = -1;

  private final long[] starts;
  private final long[] lengths;

  private TensorSlice(long[] starts, long[] lengths) {
    this.starts = starts;
    this.lengths = lengths;
  }

  /**
   * A {@code TensorSliceProto}.
   *
   * @param full the shape of the whole tensor, which it has to lie in
   */
  static TensorSlice read(Cursor in, Shape full) {
    List<long[]> extents = new ArrayList<>();
    Proto proto = new Proto(in, "a slice");
    while (proto.next()) {
      if (proto.field() == 1 && extents.size() < full.rank()) {
        extents.add(extent(proto.repeated(), full.dim(extents.size())));
      } else if (proto.field() == 1) {
        throw in.error("a slice of more dimensions than " + full);
      } else {
        proto.skip();
      }
    }
    if (extents.size() != full.rank()) {
      throw in.error("a slice of " + extents.size() + " dimensions of a tensor " + full);
    }
    return new TensorSlice(
        extents.stream().mapToLong(extent -> extent[0]).toArray(),
        extents.stream().mapToLong(extent -> extent[1]).toArray());
  }

  private static long[] extent(Cursor in, long dim) {
    long[] extent = {0, ALL};
    Proto proto = new Proto(in, "the extent of a slice");
    while (proto.next()) {
      switch (proto.field()) {
        case 1 -> extent[0] = proto.integer();
        case 2 -> extent[1] = proto.integer();
        default -> proto.skip();
      }
    }
    boolean all = extent[0] == 0 && extent[1] == ALL;
    if (!all && (extent[0] < 0 || extent[1] <= 0 || extent[0] > dim - extent[1])) {
      throw in.error(
          "a slice from " + extent[0] + " of length " + extent[1] + " of a dimension of " + dim);
    }
    return extent;
  }

  /** Where it begins along a dimension. */
  long start(int axis) {
    return starts[axis];
  }

  /** Whether it is the whole tensor. */
  boolean covers(Shape full) {
    return shapeIn(full).equals(full);
  }

  /** Its own shape. */
  Shape shapeIn(Shape full) {
    long[] dims = full.dims();
    for (int axis = 0; axis < dims.length; axis++) {
      if (lengths[axis] != ALL) {
        dims[axis] = lengths[axis];
      }
    }
    return Shape.of(dims);
  }

  /**
   * The key of a tensor's slice, as characters up to U+00FF: the name and the numbers, coded so
   * that keys are ordered as what they stand for.
   */
  String key(String tensor) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0);
    // UTF-8 without a 0 has neither of the two bytes that would need an escape.
    out.writeBytes(tensor.getBytes(StandardCharsets.UTF_8));
    out.write(0);
    out.write(1);
    if (starts.length == 0) {
      out.write(0);
    } else {
      out.write(1);
      out.write(starts.length);
    }
    for (int axis = 0; axis < starts.length; axis++) {
      writeSigned(out, starts[axis]);
      writeSigned(out, lengths[axis]);
    }
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  /**
   * A number of 7 bits a byte, high ones first; the leading bits tell sign and length: as many bits
   * that differ from the sign's as there are bytes.
   */
  private static void writeSigned(ByteArrayOutputStream out, long value) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(value < 0 ? ~value : value);
    int length = bits / 7 + 1;
    int header = (0xffff << (16 - length)) & 0xffff;
    for (int i = 0; i < length; i++) {
      int shift = 8 * (length - 1 - i);
      int b = (int) (value >> Math.min(shift, Long.SIZE - 1)) & 0xff;
      if (i < 2) {
        b ^= (header >>> (8 * (1 - i))) & 0xff;
      }
      out.write(b);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TensorSlice slice
        && Arrays.equals(starts, slice.starts)
        && Arrays.equals(lengths, slice.lengths);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(starts) + Arrays.hashCode(lengths);
  }

  /** As TensorFlow writes it: {@code 0,3:-}. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    for (int axis = 0; axis < starts.length; axis++) {
      out.append(axis == 0 ? "" : ":");
      out.append(lengths[axis] == ALL ? "-" : starts[axis] + "," + lengths[axis]);
    }
    return out.toString();
  }
}
