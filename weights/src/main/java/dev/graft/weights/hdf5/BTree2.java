package dev.graft.weights.hdf5;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** B-trees of version 2: lists of records of one size. */
final class BTree2 {
  private static final int MAX_DEPTH = 8;
  private static final int MAX_NODE = 1 << 20;

  /** Signature, version, type and checksum of a node. */
  private static final int NODE_OVERHEAD = 10;

  private final Metadata metadata;
  private final int type;
  private final int recordSize;
  private final long nodeSize;

  /** How many records a node with so many levels below it can have. */
  private final long[] capacity = new long[MAX_DEPTH + 1];

  /** How many records a node and all below it can have. */
  private final long[] total = new long[MAX_DEPTH + 1];

  private BTree2(Metadata metadata, int type, int recordSize, long nodeSize) {
    this.metadata = metadata;
    this.type = type;
    this.recordSize = recordSize;
    this.nodeSize = nodeSize;
    capacity[0] = (nodeSize - NODE_OVERHEAD) / recordSize;
    total[0] = capacity[0];
    for (int depth = 1; depth <= MAX_DEPTH; depth++) {
      int pointer = pointerBytes(depth);
      capacity[depth] = (nodeSize - NODE_OVERHEAD - pointer) / (recordSize + pointer);
      // Beyond any file: the fields for it have 8 bytes then.
      long below = Math.min(total[depth - 1], 1L << 40);
      total[depth] = (capacity[depth] + 1) * below + capacity[depth];
    }
  }

  /** A node still to be read: how many records it has, how many levels are below it. */
  private record Node(long address, long records, int depth) {}

  /**
   * All records of a tree, in no order.
   *
   * @param type the type of records that the tree must have
   */
  static List<Cursor> records(Metadata metadata, long address, int type) {
    int size = 4 + 2 + 4 + 2 + 2 + 2 + metadata.offsetSize() + 2 + metadata.lengthSize() + 4;
    Cursor head = metadata.block(address, size, "B-tree");
    head.begin("BTHD", 0);
    int found = head.u8();
    long nodeSize = head.u32();
    int recordSize = head.u16();
    int depth = head.u16();
    head.skip(2);
    long root = head.offset();
    int rootRecords = head.u16();
    long total = head.length();
    head.checksum();
    if (found != type || depth > MAX_DEPTH || nodeSize > MAX_NODE || recordSize == 0) {
      throw metadata.malformed(
          address,
          String.format(
              "B-tree of type %d, depth %d, nodes of %d and records of %d bytes; expected type %d",
              found, depth, nodeSize, recordSize, type));
    }
    if (total > Limits.OBJECTS) {
      throw metadata.malformed(address, total + " records, expected at most " + Limits.OBJECTS);
    }
    List<Cursor> records = new ArrayList<>();
    if (total > 0) {
      BTree2 tree = new BTree2(metadata, type, recordSize, nodeSize);
      tree.collect(new Node(root, rootRecords, depth), total, records);
    }
    if (records.size() != total) {
      throw metadata.malformed(address, records.size() + " records, expected " + total);
    }
    return records;
  }

  private void collect(Node root, long total, List<Cursor> records) {
    Deque<Node> nodes = new ArrayDeque<>();
    nodes.push(root);
    while (!nodes.isEmpty()) {
      Node node = nodes.pop();
      read(node, nodes, records);
      // A node has at least one record, so that this ends every loop.
      if (records.size() > total) {
        throw metadata.malformed(root.address(), "more records than the B-tree's " + total);
      }
    }
  }

  private void read(Node node, Deque<Node> nodes, List<Cursor> records) {
    if (node.records() == 0) {
      throw metadata.malformed(node.address(), "B-tree node without records");
    }
    int countBytes = countBytes(node.depth());
    int pointer = pointerBytes(node.depth());
    long size = NODE_OVERHEAD + node.records() * recordSize + (node.records() + 1) * pointer;
    if (size > nodeSize) {
      throw metadata.malformed(
          node.address(), node.records() + " records in a B-tree node of " + nodeSize + " bytes");
    }
    Cursor block = metadata.block(node.address(), size, "B-tree node");
    block.begin(node.depth() == 0 ? "BTLF" : "BTIN", 0);
    int found = block.u8();
    if (found != type) {
      throw block.malformed("B-tree node of type " + found + ", expected " + type);
    }
    for (int i = 0; i < node.records(); i++) {
      records.add(block.slice(recordSize, "B-tree record"));
    }
    for (int i = 0; i <= node.records() && node.depth() > 0; i++) {
      long child = block.offset();
      long count = block.uint(countBytes);
      block.skip(pointer - metadata.offsetSize() - countBytes);
      nodes.push(new Node(child, count, node.depth() - 1));
    }
    block.checksum();
  }

  /** Bytes of the number of records that a node says of each node below it. */
  private int countBytes(int depth) {
    return depth == 0 ? 0 : bytesFor(capacity[depth - 1]);
  }

  /** Bytes of what a node says of each node below it: an address, and its own and all records. */
  private int pointerBytes(int depth) {
    int totalBytes = depth < 2 ? 0 : bytesFor(total[depth - 1]);
    return depth == 0 ? 0 : metadata.offsetSize() + countBytes(depth) + totalBytes;
  }

  /** Bytes of the smallest field that holds numbers up to the greatest. */
  private static int bytesFor(long greatest) {
    return Math.max(1, (71 - Long.numberOfLeadingZeros(Math.max(greatest, 1))) / 8);
  }
}
