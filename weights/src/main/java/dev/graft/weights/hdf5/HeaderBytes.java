package dev.graft.weights.hdf5;

import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes the header of one object: of version 2, in one piece, without times. */
final class HeaderBytes {
  /** The most bytes that Keras puts into one attribute. */
  private static final int ATTRIBUTE_BYTES = 64512;

  private static final int GROUP_INFO = 0x0a;
  private static final int UTF_8 = 1;

  private final FileBytes messages = new FileBytes();

  private void message(int type, FileBytes body) {
    messages.u8(type).u16(body.size()).u8(0).put(body.toArray());
  }

  /** The header with all its messages. */
  byte[] toArray() {
    return new FileBytes()
        .text("OHDR")
        .u8(2, 2)
        .u32(messages.size())
        .put(messages.toArray())
        .checksum()
        .toArray();
  }

  /** What makes it a group, which keeps the order in which links were made. */
  HeaderBytes group(int links) {
    message(
        ObjectHeader.LINK_INFO,
        new FileBytes()
            .u8(0, 3)
            .u64(links)
            .u64(Metadata.UNDEFINED)
            .u64(Metadata.UNDEFINED)
            .u64(Metadata.UNDEFINED));
    message(GROUP_INFO, new FileBytes().u8(0, 0));
    return this;
  }

  /** A link to an object. */
  HeaderBytes link(String name, int order, long address) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    // 0x15: a length of two bytes, the order of creation, the name's encoding.
    message(
        ObjectHeader.LINK,
        new FileBytes().u8(1, 0x15).u64(order).u8(UTF_8).u16(utf8.length).put(utf8).u64(address));
    return this;
  }

  /** What makes it a dataset in one run; an empty one lies nowhere. */
  HeaderBytes dataset(WeightArray array, long address) {
    message(ObjectHeader.DATASPACE, new FileBytes().put(TypeMessages.dataspace(array.shape())));
    message(ObjectHeader.DATATYPE, new FileBytes().put(TypeMessages.datatype(array.dtype())));
    // Made when first written to, filled where not written: what h5py says of such a dataset.
    message(ObjectHeader.FILL_VALUE, new FileBytes().u8(3, 0x0a));
    long size = array.byteSize();
    message(
        ObjectHeader.LAYOUT,
        new FileBytes().u8(3, 1).u64(size == 0 ? Metadata.UNDEFINED : address).u64(size));
    return this;
  }

  /** An attribute of one text. */
  HeaderBytes text(String name, String value) {
    return attribute(name, List.of(value), Shape.of());
  }

  /**
   * An attribute of a list of texts, split as Keras splits what is too long for one: the fewest
   * parts that are all short enough, as even as numpy's {@code array_split} makes them.
   */
  HeaderBytes texts(String name, List<String> values) {
    int width = width(values);
    int parts = 1;
    while ((long) (values.size() + parts - 1) / parts * width > ATTRIBUTE_BYTES) {
      parts++;
    }
    if (parts == 1) {
      return attribute(name, values, Shape.of(values.size()));
    }
    int from = 0;
    for (int part = 0; part < parts; part++) {
      int count = values.size() / parts + (part < values.size() % parts ? 1 : 0);
      List<String> some = values.subList(from, from + count);
      attribute(name + part, some, Shape.of(count));
      from += count;
    }
    return this;
  }

  private HeaderBytes attribute(String name, List<String> values, Shape shape) {
    int width = width(values);
    byte[] type = TypeMessages.string(width);
    byte[] space = TypeMessages.dataspace(shape);
    FileBytes body =
        new FileBytes()
            .u8(3, 0)
            .u16(name.length() + 1)
            .u16(type.length)
            .u16(space.length)
            .u8(0)
            .text(name)
            .u8(0)
            .put(type)
            .put(space);
    for (String value : values) {
      byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
      body.put(utf8).put(new byte[width - utf8.length]);
    }
    message(ObjectHeader.ATTRIBUTE, body);
    return this;
  }

  /** Bytes of the longest text, at least one. */
  private static int width(List<String> values) {
    int width = 1;
    for (String value : values) {
      width = Math.max(width, value.getBytes(StandardCharsets.UTF_8).length);
    }
    return width;
  }
}
