package dev.graft.weights.hdf5;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The links of a group of the old kind: a B-tree whose leaves are lists of entries, with the names
 * in a heap. Its entries are in the order of their names, which makes loops impossible.
 */
final class SymbolTable {
  private static final int MAX_LEVEL = 32;
  private static final int SOFT_LINK = 2;

  private final Metadata metadata;
  private final List<Link> links = new ArrayList<>();
  private Cursor names;
  private byte[] last;

  private SymbolTable(Metadata metadata) {
    this.metadata = metadata;
  }

  /** Reads the links that a symbol table message leads to. */
  static List<Link> read(Metadata metadata, Cursor body) {
    SymbolTable table = new SymbolTable(metadata);
    long tree = body.offset();
    table.names = table.names(body.offset());
    table.walk(tree);
    return table.links;
  }

  private Cursor names(long address) {
    int size = 8 + 2 * metadata.lengthSize() + metadata.offsetSize();
    Cursor heap = metadata.block(address, size, "local heap");
    heap.begin("HEAP", 0);
    heap.skip(3);
    long length = heap.length();
    heap.skip(metadata.lengthSize());
    return metadata.block(heap.offset(), length, "local heap's names");
  }

  /**
   * A node still to be read.
   *
   * @param level the level it has to be of; -1 for any
   */
  private record Node(long address, int level) {}

  private void walk(long root) {
    Deque<Node> nodes = new ArrayDeque<>();
    nodes.push(new Node(root, -1));
    while (!nodes.isEmpty()) {
      Node node = nodes.pop();
      if (node.level() == 0) {
        readEntries(node.address());
        continue;
      }
      List<Node> children = children(node);
      for (int i = children.size() - 1; i >= 0; i--) {
        nodes.push(children.get(i));
      }
      if (nodes.size() > Limits.OBJECTS) {
        throw metadata.malformed(root, "B-tree of more than " + Limits.OBJECTS + " nodes");
      }
    }
  }

  /** The children of a node of the tree; lists of entries are of level 0. */
  private List<Node> children(Node node) {
    int prefix = 8 + 2 * metadata.offsetSize();
    Cursor head = metadata.block(node.address(), prefix, "B-tree node");
    head.signature("TREE");
    int type = head.u8();
    int level = head.u8() + 1;
    int count = head.u16();
    if (type != 0 || level > MAX_LEVEL || (node.level() >= 0 && level != node.level())) {
      throw head.malformed("B-tree node of type " + type + " and level " + (level - 1));
    }
    if (count == 0 && node.level() >= 0) {
      throw head.malformed("B-tree node without children");
    }
    int step = metadata.lengthSize() + metadata.offsetSize();
    Cursor entries =
        metadata.block(node.address() + prefix, (long) count * step, "B-tree node's children");
    List<Node> children = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.skip(metadata.lengthSize());
      children.add(new Node(entries.offset(), level - 1));
    }
    return children;
  }

  private void readEntries(long address) {
    Cursor head = metadata.block(address, 8, "symbol table node");
    head.begin("SNOD", 1);
    head.skip(1);
    int count = head.u16();
    int entrySize = 2 * metadata.offsetSize() + 24;
    Cursor entries =
        metadata.block(address + 8, (long) count * entrySize, "symbol table node's entries");
    for (int i = 0; i < count; i++) {
      readEntry(entries.slice(entrySize, "symbol table entry"));
    }
  }

  private void readEntry(Cursor entry) {
    byte[] utf8 = text(entry.offset(), entry);
    if (last != null && Arrays.compareUnsigned(last, utf8) >= 0) {
      throw entry.malformed("symbol table entries are not in the order of their names");
    }
    last = utf8;
    String name = Link.name(entry, utf8);
    long header = entry.offset();
    boolean soft = entry.u32() == SOFT_LINK;
    if (soft) {
      entry.skip(4);
      String target = entry.utf8(text(entry.u32(), entry));
      metadata.keep(target);
      links.add(Link.soft(name, target));
    } else {
      links.add(Link.hard(name, header));
    }
    if (links.size() > Limits.OBJECTS) {
      throw entry.malformed("more than " + Limits.OBJECTS + " links");
    }
  }

  private byte[] text(long offset, Cursor entry) {
    if (offset < 0 || offset >= names.remaining()) {
      throw entry.malformed("a name at " + offset + ", beyond the local heap");
    }
    return names.at(offset, names.remaining() - offset).untilZero();
  }
}
