package dev.graft.weights.hdf5;

/** Finds chunks through a fixed array, which has one entry for each place of the grid. */
final class ChunkArray {
  private final Metadata metadata;
  private final ChunkGrid grid;
  private final boolean filtered;
  private final Chunk.Taker taker;
  private int entrySize;

  private ChunkArray(Metadata metadata, ChunkGrid grid, boolean filtered, Chunk.Taker taker) {
    this.metadata = metadata;
    this.grid = grid;
    this.filtered = filtered;
    this.taker = taker;
  }

  /** Gives all chunks. */
  static void read(
      Metadata metadata, long address, ChunkGrid grid, boolean filtered, Chunk.Taker taker) {
    new ChunkArray(metadata, grid, filtered, taker).read(address);
  }

  private void read(long address) {
    int o = metadata.offsetSize();
    Cursor head = metadata.block(address, 12 + metadata.lengthSize() + o, "fixed array");
    head.begin("FAHD", 0);
    int client = head.u8();
    entrySize = head.u8();
    int pageBits = head.u8();
    long count = head.length();
    long data = head.offset();
    head.checksum();
    int smallest = filtered ? o + 5 : o;
    if (client != (filtered ? 1 : 0)
        || entrySize < smallest
        || entrySize > (filtered ? smallest + 7 : smallest)
        || pageBits < 1
        || pageBits > 16
        || count != grid.count()) {
      throw metadata.malformed(
          address,
          String.format(
              "fixed array of kind %d with %d entries of %d bytes, expected %d entries",
              client, count, entrySize, grid.count()));
    }
    if (data == Metadata.UNDEFINED) {
      return;
    }
    int prefix = 6 + o;
    metadata.block(data, prefix, "fixed array's block").begin("FADB", 0);
    long pageEntries = 1L << pageBits;
    if (count <= pageEntries) {
      page(data, prefix, 0, count);
    } else {
      pages(data, prefix, count, pageEntries);
    }
  }

  /** Pages come after a bitmap of those that are in use and a checksum. */
  private void pages(long data, int prefix, long count, long pageEntries) {
    long pageCount = (count + pageEntries - 1) / pageEntries;
    long bitmapSize = (pageCount + 7) / 8;
    metadata.require(data, prefix + bitmapSize, "fixed array's bitmap");
    long start = data + prefix + bitmapSize + 4;
    for (long page = 0; page < pageCount; page++) {
      int bits = metadata.block(data + prefix + page / 8, 1, "fixed array's bitmap").u8();
      if ((bits & 0x80 >> page % 8) != 0) {
        long first = page * pageEntries;
        long at = start + page * (pageEntries * entrySize + 4);
        page(at, 0, first, Math.min(pageEntries, count - first));
      }
    }
  }

  private void page(long address, int prefix, long first, long count) {
    Cursor entries =
        metadata.block(address, prefix + count * entrySize + 4, "fixed array's entries");
    entries.skip(prefix);
    for (long i = 0; i < count; i++) {
      long chunk = entries.offset();
      long size = grid.chunkBytes();
      int mask = 0;
      if (filtered) {
        size = entries.uint(entrySize - metadata.offsetSize() - 4);
        mask = (int) entries.u32();
      }
      if (chunk != Metadata.UNDEFINED) {
        taker.take(new Chunk(grid.start(first + i), chunk, size, mask));
      }
    }
    entries.checksum();
  }
}
