package dev.graft.weights.hdf5;

import dev.graft.weights.hdf5.ObjectHeader.Message;
import java.util.ArrayList;
import java.util.List;

/** All attributes of an object: in its header, or in a heap for many of them. */
final class Attributes {
  private static final int BY_NAME = 8;

  private Attributes() {}

  static List<Attribute> read(Metadata metadata, ObjectHeader header) {
    List<Attribute> attributes = new ArrayList<>();
    for (Message message : header.all(ObjectHeader.ATTRIBUTE)) {
      if (message.shared()) {
        throw metadata.malformed(
            header.address(), "an attribute is shared with another object, which is not read");
      }
      attributes.add(Attribute.read(message.body()));
    }
    header
        .first(ObjectHeader.ATTRIBUTE_INFO)
        .ifPresent(info -> addDense(metadata, info.body(), attributes));
    return attributes;
  }

  private static void addDense(Metadata metadata, Cursor info, List<Attribute> attributes) {
    info.version(0, 0);
    int flags = info.u8();
    info.skip((flags & 1) == 0 ? 0 : 2);
    long heapAddress = info.offset();
    long tree = info.offset();
    if (heapAddress == Metadata.UNDEFINED) {
      return;
    }
    FractalHeap heap = FractalHeap.read(metadata, heapAddress);
    long kept = 0;
    for (Cursor record : BTree2.records(metadata, tree, BY_NAME)) {
      Cursor body = heap.object(record, "attribute");
      // Several records may lead to the same bytes.
      kept += body.remaining();
      if (kept > Limits.HEADER_BYTES) {
        throw body.malformed("attributes of more than " + Limits.HEADER_BYTES + " bytes");
      }
      attributes.add(Attribute.read(body));
    }
    attributes.sort((a, b) -> a.name().compareTo(b.name()));
  }
}
