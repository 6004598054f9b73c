package dev.graft.weights.hdf5;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Finds chunks through a B-tree of version 1. Their order, which the tree has to keep, makes loops
 * impossible.
 */
final class ChunkTree {
  private static final int MAX_LEVEL = 32;

  private final Metadata metadata;
  private final int rank;
  private final Chunk.Taker taker;
  private long[] last;

  private ChunkTree(Metadata metadata, int rank, Chunk.Taker taker) {
    this.metadata = metadata;
    this.rank = rank;
    this.taker = taker;
  }

  /**
   * Gives all chunks.
   *
   * @param rank dimensions of the dataset
   */
  static void read(Metadata metadata, long root, int rank, Chunk.Taker taker) {
    new ChunkTree(metadata, rank, taker).walk(root);
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
      List<Node> children = read(nodes.pop());
      for (int i = children.size() - 1; i >= 0; i--) {
        nodes.push(children.get(i));
      }
    }
  }

  private List<Node> read(Node node) {
    int prefix = 8 + 2 * metadata.offsetSize();
    Cursor head = metadata.block(node.address(), prefix, "chunk B-tree node");
    head.signature("TREE");
    int type = head.u8();
    int level = head.u8();
    int count = head.u16();
    if (type != 1 || level > MAX_LEVEL || (node.level() >= 0 && level != node.level())) {
      throw head.malformed("chunk B-tree node of type " + type + " and level " + level);
    }
    if (count == 0 && node.level() >= 0) {
      throw head.malformed("chunk B-tree node without children");
    }
    int step = 8 + 8 * (rank + 1) + metadata.offsetSize();
    Cursor entries =
        metadata.block(node.address() + prefix, (long) count * step, "chunk B-tree node");
    List<Node> children = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long size = entries.u32();
      int mask = (int) entries.u32();
      long[] start = new long[rank];
      for (int axis = 0; axis < rank; axis++) {
        start[axis] = entries.uint(8);
      }
      entries.skip(8);
      long address = entries.offset();
      if (level > 0) {
        children.add(new Node(address, level - 1));
        continue;
      }
      if (last != null && Arrays.compare(last, start) >= 0) {
        throw entries.malformed("chunks are not in the order of their places");
      }
      last = start;
      taker.take(new Chunk(start, address, size, mask));
    }
    return children;
  }
}
