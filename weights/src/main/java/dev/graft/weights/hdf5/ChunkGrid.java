package dev.graft.weights.hdf5;

import java.util.List;

/** The places of a dataset's chunks, counted through with the last dimension varying fastest. */
final class ChunkGrid {
  private final List<Long> chunk;
  private final long[] counts;
  private final long count;
  private final long chunkBytes;
  private final long bytes;

  /**
   * A grid.
   *
   * @param dims the dimensions that it covers
   * @param chunk dimensions of a chunk
   * @param chunkBytes bytes of a chunk
   */
  ChunkGrid(List<Long> dims, List<Long> chunk, long chunkBytes) {
    this.chunk = List.copyOf(chunk);
    this.chunkBytes = chunkBytes;
    counts = new long[dims.size()];
    long product = 1;
    for (int axis = 0; axis < dims.size(); axis++) {
      counts[axis] = (dims.get(axis) - 1) / chunk.get(axis) + 1;
      product = Math.multiplyExact(product, counts[axis]);
    }
    count = product;
    bytes = Math.multiplyExact(count, chunkBytes);
  }

  /** Bytes of all chunks. */
  long bytes() {
    return bytes;
  }

  /** How many places there are. */
  long count() {
    return count;
  }

  /** Bytes of one chunk, those beyond the dataset's border included. */
  long chunkBytes() {
    return chunkBytes;
  }

  /** The indices of the first element of a chunk. */
  long[] start(long index) {
    long[] start = new long[counts.length];
    long rest = index;
    for (int axis = counts.length - 1; axis >= 0; axis--) {
      start[axis] = rest % counts[axis] * chunk.get(axis);
      rest /= counts[axis];
    }
    return start;
  }
}
