package dev.graft.weights.hdf5;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Collections of byte strings, which variable-length texts are kept in. */
final class GlobalHeap {
  private static final int OBJECT_HEADER = 8;

  private final Metadata metadata;

  /** Where the objects of the collection last read are: one, so that not all are kept. */
  private Map<Long, Span> objects = Map.of();

  private long lastAddress = Metadata.UNDEFINED;

  GlobalHeap(Metadata metadata) {
    this.metadata = metadata;
  }

  private record Span(long address, long length) {}

  /**
   * Reads the text that an element refers to.
   *
   * @param element the element: a length, a collection's address, an index
   * @param most how many bytes to read at most
   */
  Text text(Cursor element, int most) {
    long length = element.u32();
    long address = element.offset();
    long index = element.u32();
    if (length == 0) {
      return new Text(ByteBuffer.allocate(0), 0);
    }
    if (address == Metadata.UNDEFINED || address != lastAddress) {
      objects = read(address);
      lastAddress = address;
    }
    Span span = objects.get(index);
    if (span == null || length > span.length()) {
      throw element.malformed(
          "a text of "
              + length
              + " bytes, object "
              + index
              + " of the global heap at byte "
              + metadata.position(address)
              + ", which has "
              + (span == null ? "no such object" : span.length() + " bytes"));
    }
    long count = Math.min(length, most);
    byte[] bytes = metadata.block(span.address(), count, "text").bytes(count);
    return new Text(ByteBuffer.wrap(bytes), length);
  }

  /**
   * A text's first bytes.
   *
   * @param length how many it has in all
   */
  record Text(ByteBuffer bytes, long length) {}

  private Map<Long, Span> read(long address) {
    int prefix = 8 + metadata.lengthSize();
    Cursor head = metadata.block(address, prefix, "global heap");
    head.begin("GCOL", 1);
    head.skip(3);
    long size = head.length();
    metadata.require(address, size, "global heap");
    Map<Long, Span> found = new HashMap<>();
    int headerSize = OBJECT_HEADER + metadata.lengthSize();
    long at = prefix;
    while (size - at >= headerSize) {
      Cursor header = metadata.block(address + at, headerSize, "global heap object");
      long index = header.u16();
      header.skip(6);
      long length = header.length();
      if (index == 0) {
        break;
      }
      if (length > size - at - headerSize) {
        throw header.malformed("global heap object of " + length + " bytes, beyond its collection");
      }
      found.put(index, new Span(address + at + headerSize, length));
      at += headerSize + Math.min((length + 7) / 8 * 8, size);
    }
    return found;
  }
}
