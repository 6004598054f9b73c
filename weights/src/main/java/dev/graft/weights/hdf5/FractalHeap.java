package dev.graft.weights.hdf5;

/**
 * The heap that many links or attributes of one object are kept in: blocks that double in size, row
 * by row, in a table of blocks or of further tables.
 */
final class FractalHeap {
  private static final int MAX_TABLES = 64;

  private final Metadata metadata;
  private final long address;
  private final int tableWidth;
  private final long startSize;
  private final long maxDirectSize;
  private final int heapBits;
  private final int offsetBytes;
  private final int lengthBytes;
  private final long root;
  private final int rootRows;

  private FractalHeap(Metadata metadata, long address, Cursor head, long maxManaged) {
    this.metadata = metadata;
    this.address = address;
    this.tableWidth = head.u16();
    this.startSize = head.length();
    this.maxDirectSize = head.length();
    this.heapBits = head.u16();
    head.skip(2);
    this.root = head.offset();
    this.rootRows = head.u16();
    if (tableWidth < 1
        || Long.bitCount(startSize) != 1
        || Long.bitCount(maxDirectSize) != 1
        || maxDirectSize < startSize
        || maxDirectSize < 2
        || maxDirectSize > Limits.HEADER_BYTES
        || heapBits < 1
        || heapBits > 62) {
      throw metadata.malformed(
          address,
          String.format(
              "fractal heap of width %d, blocks of %d to %d bytes, %d bits",
              tableWidth, startSize, maxDirectSize, heapBits));
    }
    this.offsetBytes = (heapBits + 7) / 8;
    int directBits = 63 - Long.numberOfLeadingZeros(maxDirectSize);
    int managedBits = 63 - Long.numberOfLeadingZeros(Math.max(maxManaged, 1));
    this.lengthBytes = Math.min((directBits + 7) / 8, managedBits / 8 + 1);
  }

  static FractalHeap read(Metadata metadata, long address) {
    int o = metadata.offsetSize();
    int l = metadata.lengthSize();
    Cursor head = metadata.block(address, 26 + 3L * o + 12L * l, "fractal heap");
    head.begin("FRHP", 0);
    head.skip(2);
    int filters = head.u16();
    if (filters > 0) {
      throw metadata.malformed(address, "compressed links or attributes are not read");
    }
    head.skip(1);
    long maxManaged = head.u32();
    head.skip(10L * l + 2L * o);
    FractalHeap heap = new FractalHeap(metadata, address, head, maxManaged);
    head.checksum();
    return heap;
  }

  /**
   * The object that an id stands for.
   *
   * @param id from its first byte on
   */
  Cursor object(Cursor id, String what) {
    int first = id.u8();
    int kind = (first >> 4) & 3;
    if (first >> 6 != 0 || kind == 3) {
      throw id.malformed("heap id that begins with " + first);
    }
    if (kind == 2) {
      return id.slice((first & 15) + 1L, what);
    }
    if (kind == 1) {
      throw id.malformed(what + " of more than 64 KiB, which is not read");
    }
    long offset = id.uint(offsetBytes);
    long length = id.uint(lengthBytes);
    if (offset < 0 || length < 1 || length > maxDirectSize) {
      throw id.malformed(what + " of " + length + " bytes at " + offset + " of its heap");
    }
    return find(offset, length, what);
  }

  private Cursor find(long offset, long length, String what) {
    long table = root;
    int rows = rootRows;
    long start = 0;
    if (rows == 0) {
      return inBlock(root, offset, length, startSize, what);
    }
    for (int i = 0; i < MAX_TABLES; i++) {
      // Row 0 and row 1 have blocks of the starting size; every further row doubles it.
      long inTable = offset - start;
      long wide = tableWidth * startSize;
      int row = inTable < wide ? 0 : 64 - Long.numberOfLeadingZeros(inTable / wide);
      if (row >= rows) {
        break;
      }
      long size = row == 0 ? startSize : startSize << (row - 1);
      long rowStart = row == 0 ? 0 : wide << (row - 1);
      long column = (inTable - rowStart) / size;
      if (size <= 0 || column >= tableWidth) {
        break;
      }
      long child = child(table, row * (long) tableWidth + column);
      start += rowStart + column * size;
      if (size <= maxDirectSize) {
        return inBlock(child, offset - start, length, size, what);
      }
      table = child;
      rows = Math.max(0, 64 - Long.numberOfLeadingZeros(size / wide));
    }
    throw metadata.malformed(address, what + " at " + offset + ", beyond its heap");
  }

  private Cursor inBlock(long block, long offset, long length, long size, String what) {
    int prefix = 5 + metadata.offsetSize() + offsetBytes;
    metadata.block(block, prefix, "fractal heap block").begin("FHDB", 0);
    if (offset < prefix || offset > size || length > size - offset) {
      throw metadata.malformed(
          block, what + " of " + length + " bytes at " + offset + " of a block of " + size);
    }
    return metadata.block(block + offset, length, what);
  }

  /** The address of one child of a table of blocks. */
  private long child(long table, long index) {
    int prefix = 5 + metadata.offsetSize() + offsetBytes;
    metadata.block(table, prefix, "fractal heap table").begin("FHIB", 0);
    long at = table + prefix + index * metadata.offsetSize();
    return metadata.block(at, metadata.offsetSize(), "fractal heap table's entry").offset();
  }
}
