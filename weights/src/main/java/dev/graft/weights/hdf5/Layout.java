package dev.graft.weights.hdf5;

import dev.graft.weights.UnsafeWeightsException;
import java.util.ArrayList;
import java.util.List;

/** Where a dataset's elements lie. */
sealed interface Layout {
  /** In the header itself. */
  record Compact(long address, long size) implements Layout {}

  /** In one run; at {@link Metadata#UNDEFINED} where nothing has been written. */
  record Contiguous(long address, long size) implements Layout {}

  /**
   * In pieces of one shape.
   *
   * @param index how the pieces are found
   * @param address of the index, or of the only piece
   * @param chunk the pieces' dimensions
   * @param elementSize bytes of an element
   * @param single the stored bytes of the only piece and its filter mask, where the index has none
   */
  record Chunked(Index index, long address, List<Long> chunk, long elementSize, Single single)
      implements Layout {}

  /** What an index that is no index says of the only piece; of size 0 where it is not filtered. */
  record Single(long storedSize, int filterMask) {}

  /** The ways to find pieces. */
  enum Index {
    B_TREE,
    SINGLE,
    IMPLICIT,
    FIXED_ARRAY
  }

  /** Reads the body of a layout message. */
  static Layout read(Cursor body) {
    int version = body.version(3, 4);
    int kind = body.u8();
    return switch (kind) {
      case 0 -> {
        int size = body.u16();
        long address = body.address();
        body.skip(size);
        yield new Compact(address, size);
      }
      case 1 -> new Contiguous(body.offset(), body.length());
      case 2 -> version == 3 ? chunkedInTree(body) : chunked(body);
      case 3 ->
          throw new UnsafeWeightsException(
              body.metadata().where()
                  + "is a virtual dataset: it wants other files or datasets opened");
      default -> throw body.malformed("layout of class " + kind + ", expected 0 to 3");
    };
  }

  private static Layout chunkedInTree(Cursor body) {
    int dimensions = body.u8();
    long address = body.offset();
    List<Long> chunk = dimensions(body, dimensions, 4);
    return new Chunked(Index.B_TREE, address, chunk, body.u32(), new Single(0, 0));
  }

  private static Layout chunked(Cursor body) {
    int flags = body.u8();
    if ((flags & 1) != 0) {
      throw body.malformed("chunks whose border is left unfiltered are not read");
    }
    int dimensions = body.u8();
    int width = body.u8();
    if (width < 1 || width > 8) {
      throw body.malformed("chunk dimensions of " + width + " bytes");
    }
    List<Long> chunk = dimensions(body, dimensions, width);
    long elementSize = body.uint(width);
    int type = body.u8();
    Single single = new Single(0, 0);
    Index index =
        switch (type) {
          case 1 -> Index.SINGLE;
          case 2 -> Index.IMPLICIT;
          case 3 -> Index.FIXED_ARRAY;
          default ->
              throw body.malformed(
                  "a chunk index of type "
                      + type
                      + " (of a dataset that can grow, in the newest form of HDF5) is not read");
        };
    if (index == Index.SINGLE && (flags & 2) != 0) {
      single = new Single(body.length(), (int) body.u32());
    }
    body.skip(index == Index.FIXED_ARRAY ? 1 : 0);
    return new Chunked(index, body.offset(), chunk, elementSize, single);
  }

  /** The chunk's dimensions without the last number, which is the element's size. */
  private static List<Long> dimensions(Cursor body, int count, int width) {
    if (count < 2 || count > Limits.RANK + 1) {
      throw body.malformed("chunks of " + (count - 1) + " dimensions");
    }
    List<Long> chunk = new ArrayList<>();
    for (int axis = 0; axis < count - 1; axis++) {
      long dim = body.uint(width);
      if (dim < 1) {
        throw body.malformed("a chunk with a dimension of " + Long.toUnsignedString(dim));
      }
      chunk.add(dim);
    }
    return chunk;
  }
}
