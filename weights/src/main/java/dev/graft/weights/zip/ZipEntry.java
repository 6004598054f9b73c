package dev.graft.weights.zip;

/**
 * An entry of a zip archive, its central and local headers found equal.
 *
 * @param headerStart offset of the local header in the file
 * @param dataStart offset of the entry's bytes in the file
 * @param storedSize how many bytes it has in the file
 * @param size how many it has when decompressed
 */
public record ZipEntry(
    String name,
    boolean deflated,
    long headerStart,
    long dataStart,
    long storedSize,
    long size,
    int crc) {
  /** Offset of the byte after the entry's bytes in the file. */
  public long dataEnd() {
    return dataStart + storedSize;
  }
}
