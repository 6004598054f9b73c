package dev.graft.graph.checkpoint;

import dev.graft.weights.Shape;
import java.util.ArrayList;
import java.util.List;

/** What both versions of checkpoints say of a tensor in the same way. */
final class TensorMeta {
  /** The most dimensions that TensorFlow has. */
  private static final int MAX_RANK = 254;

  /** The version of both formats that is known here. */
  private static final int KNOWN_VERSION = 1;

  private TensorMeta() {}

  /** A {@code DataType}. */
  static ElementType type(long code, Cursor place) {
    return ElementType.of(code)
        .orElseThrow(() -> place.error("no element type has the code " + code));
  }

  /** A {@code TensorShapeProto}. */
  static Shape shape(Cursor in) {
    List<Long> dims = new ArrayList<>();
    Proto proto = new Proto(in, "a shape");
    while (proto.next()) {
      switch (proto.field()) {
        case 2 -> dims.add(dim(proto.repeated()));
        case 3 -> {
          if (proto.integer() != 0) {
            throw in.error("a shape of unknown rank");
          }
        }
        default -> proto.skip();
      }
      if (dims.size() > MAX_RANK) {
        throw in.error("a shape of more than " + MAX_RANK + " dimensions");
      }
    }
    long[] shape = dims.stream().mapToLong(Long::longValue).toArray();
    long count = 1;
    for (long dim : shape) {
      // Even where a later dimension is 0: TensorFlow multiplies them one by one.
      if (Math.multiplyHigh(count, dim) != 0 || count * dim < 0) {
        throw in.error("the dimensions " + dims + " have a product beyond 2^63");
      }
      count *= dim;
    }
    return Shape.of(shape);
  }

  private static long dim(Cursor in) {
    long size = 0;
    Proto proto = new Proto(in, "a dimension");
    while (proto.next()) {
      switch (proto.field()) {
        case 1 -> size = proto.integer();
        case 2 -> Proto.text(proto.single(), Block.MAX_KEY_BYTES);
        default -> proto.skip();
      }
    }
    if (size < 0) {
      throw in.error("a dimension of " + size);
    }
    return size;
  }

  /** A {@code VersionDef}: whether what this knows is enough to read the file. */
  static void requireVersion(Cursor in) {
    Proto proto = new Proto(in, "the version");
    while (proto.next()) {
      switch (proto.field()) {
        case 2 -> {
          long needed = proto.integer();
          if (needed > KNOWN_VERSION) {
            throw in.error(
                "needs a reader of version " + needed + ", known is version " + KNOWN_VERSION);
          }
        }
        default -> proto.skip();
      }
    }
  }

  /**
   * The name of a variable.
   *
   * @param key its bytes
   */
  static String name(byte[] key, Cursor place) {
    String name = Proto.utf8(key, place, place.position());
    if (name.isEmpty() || name.indexOf(0) >= 0 || key.length > Block.MAX_KEY_BYTES) {
      throw place.error(
          "a name of " + key.length + " bytes, expected 1 to " + Block.MAX_KEY_BYTES + ", not 0");
    }
    return name;
  }
}
