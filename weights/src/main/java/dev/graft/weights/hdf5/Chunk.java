package dev.graft.weights.hdf5;

/** One stored piece of a dataset. */
final class Chunk {
  private final long[] start;
  private final long address;
  private final long storedSize;
  private final int filterMask;

  /**
   * A piece.
   *
   * @param start the indices of its first element; kept
   * @param address where it lies
   * @param storedSize bytes there
   * @param filterMask a bit for each filter that was left out
   */
  Chunk(long[] start, long address, long storedSize, int filterMask) {
    this.start = start;
    this.address = address;
    this.storedSize = storedSize;
    this.filterMask = filterMask;
  }

  /** Takes chunks. */
  interface Taker {
    /** Takes one. */
    void take(Chunk chunk);
  }

  long start(int axis) {
    return start[axis];
  }

  long address() {
    return address;
  }

  long storedSize() {
    return storedSize;
  }

  int filterMask() {
    return filterMask;
  }
}
