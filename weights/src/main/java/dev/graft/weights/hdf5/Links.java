package dev.graft.weights.hdf5;

import dev.graft.weights.hdf5.ObjectHeader.Message;
import dev.graft.weights.io.Printable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All links of a group: of a symbol table, of link messages, or of a heap for many of them. In the
 * order in which they were made where the group has kept it, else in that of their names.
 */
final class Links {
  private static final int BY_NAME = 5;
  private static final int HASH_BYTES = 4;

  private Links() {}

  /** Whether a header is a group's. */
  static boolean isGroup(ObjectHeader header) {
    return header.first(ObjectHeader.SYMBOL_TABLE).isPresent()
        || header.first(ObjectHeader.LINK_INFO).isPresent()
        || header.first(ObjectHeader.LINK).isPresent();
  }

  static List<Link> read(Metadata metadata, ObjectHeader header) {
    Optional<Message> table = header.first(ObjectHeader.SYMBOL_TABLE);
    if (table.isPresent()) {
      return SymbolTable.read(metadata, table.get().body());
    }
    List<Link> links = new ArrayList<>();
    for (Message message : header.all(ObjectHeader.LINK)) {
      links.add(Link.read(message.body()));
    }
    header.first(ObjectHeader.LINK_INFO).ifPresent(info -> addDense(metadata, info.body(), links));
    Set<String> names = new HashSet<>();
    for (Link link : links) {
      if (!names.add(link.name())) {
        throw metadata.malformed(
            header.address(), "the link " + Printable.of(link.name()) + " is there twice");
      }
    }
    boolean ordered = links.stream().allMatch(link -> link.order() >= 0);
    links.sort(ordered ? Comparator.comparingLong(Link::order) : Comparator.comparing(Link::name));
    return links;
  }

  private static void addDense(Metadata metadata, Cursor info, List<Link> links) {
    info.version(0, 0);
    int flags = info.u8();
    info.skip((flags & 1) == 0 ? 0 : 8);
    long heapAddress = info.offset();
    long tree = info.offset();
    if (heapAddress == Metadata.UNDEFINED) {
      return;
    }
    FractalHeap heap = FractalHeap.read(metadata, heapAddress);
    for (Cursor record : BTree2.records(metadata, tree, BY_NAME)) {
      record.skip(HASH_BYTES);
      links.add(Link.read(heap.object(record, "link")));
    }
  }
}
