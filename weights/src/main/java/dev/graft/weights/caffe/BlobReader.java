package dev.graft.weights.caffe;

import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a {@code BlobProto}: its shape, in the current form or the old one of four dimensions, and
 * where its values lie. Differences ({@code diff}) are left out.
 */
final class BlobReader {
  private static final int NUM = 1;
  private static final int WIDTH = 4;
  private static final int DATA = 5;
  private static final int DIFF = 6;
  private static final int SHAPE = 7;
  private static final int DOUBLE_DATA = 8;
  private static final int DOUBLE_DIFF = 9;

  /** Caffe's own limit. */
  private static final int MAX_RANK = 32;

  /** A packed field comes in one run; a handful would be unusual. */
  private static final int MAX_RUNS = 1000;

  private final Message message;
  private final List<Blob.Run> runs = new ArrayList<>(1);
  private final List<Long> dims = new ArrayList<>(4);
  private final long[] oldDims = new long[WIDTH];
  private boolean hasShape;
  private boolean hasOldDims;
  private DType dtype;
  private long count;

  private BlobReader(Message message) {
    this.message = message;
  }

  static Blob read(Message message) {
    return new BlobReader(message).read();
  }

  private Blob read() {
    while (message.next()) {
      switch (message.field()) {
        case NUM, NUM + 1, NUM + 2, WIDTH -> oldDim(message.field() - NUM);
        case SHAPE -> shapeDims(message.message("shape"));
        case DATA -> values(DType.FLOAT32);
        case DOUBLE_DATA -> values(DType.FLOAT64);
        case DIFF, DOUBLE_DIFF -> skipValues();
        default -> {}
      }
    }
    Shape shape = shape();
    if (dtype == null && shape.elementCount() > 0) {
      throw message.malformed("no values for the shape " + shape);
    }
    if (count != shape.elementCount()) {
      throw message.malformed(
          count + " values for the shape " + shape + ", expected " + shape.elementCount());
    }
    return new Blob(dtype == null ? DType.FLOAT32 : dtype, shape, runs);
  }

  private void oldDim(int axis) {
    hasOldDims = true;
    oldDims[axis] = message.number();
  }

  private void shapeDims(Message shape) {
    hasShape = true;
    while (shape.next()) {
      if (shape.field() != 1) {
        continue;
      }
      if (shape.wireType() == Message.VARINT) {
        addDim(shape.number(), shape);
      } else {
        packedDims(shape.message("dimensions"));
      }
    }
  }

  private void packedDims(Message packed) {
    while (packed.hasMore()) {
      addDim(packed.varint(), packed);
    }
  }

  private void addDim(long dim, Message place) {
    if (dims.size() == MAX_RANK) {
      throw place.malformed("more than " + MAX_RANK + " dimensions");
    }
    dims.add(dim);
  }

  private void values(DType type) {
    if (dtype != null && dtype != type) {
      throw message.malformed("both single and double precision values");
    }
    dtype = type;
    int width = type.byteSize();
    Blob.Run run;
    if (message.wireType() == Message.LENGTH) {
      if (message.length() % width != 0) {
        throw message.malformed(message.length() + " bytes of values of " + width + " bytes each");
      }
      run = new Blob.Run(message.start(), message.length() / width, width);
    } else {
      requireFixed(width);
      long start = message.start();
      run = new Blob.Run(start, message.takeRepeats(), width + 1);
    }
    count += run.count();
    if (run.count() > 0) {
      if (runs.size() == MAX_RUNS) {
        throw message.malformed("values in more than " + MAX_RUNS + " pieces");
      }
      runs.add(run);
    }
  }

  private void requireFixed(int width) {
    int expected = width == Integer.BYTES ? Message.FIXED32 : Message.FIXED64;
    if (message.wireType() != expected) {
      throw message.malformed(
          "field "
              + message.field()
              + " of wire type "
              + message.wireType()
              + ", expected 2 or "
              + expected);
    }
  }

  private void skipValues() {
    if (message.wireType() == Message.FIXED32 || message.wireType() == Message.FIXED64) {
      message.takeRepeats();
    }
  }

  /** What Caffe takes: the old form where any of its dimensions is there, the others being 0. */
  private Shape shape() {
    long[] given = dims.stream().mapToLong(Long::longValue).toArray();
    try {
      Shape current = Shape.of(given);
      if (!hasOldDims) {
        return current;
      }
      Shape old = Shape.of(oldDims);
      if (hasShape && !current.equals(old)) {
        throw message.malformed("the shape " + current + " and the old form of it " + old);
      }
      return old;
    } catch (IllegalArgumentException e) {
      throw message.malformed(e.getMessage());
    } catch (ArithmeticException e) {
      throw message.malformed("a shape of more elements than fit a long");
    }
  }
}
