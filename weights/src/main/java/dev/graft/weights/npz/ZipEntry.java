package dev.graft.weights.npz;

/**
 * An entry of a zip archive, its central and local headers found equal.
 *
 * @param headerStart offset of the local header in the file
 * @param dataStart offset of the entry's bytes in the file
 * @param storedSize how many bytes it has in the file
 * @param size how many it has when decompressed
 */
record ZipEntry(
    String name,
    boolean deflated,
    long headerStart,
    long dataStart,
    long storedSize,
    long size,
    int crc) {
  long dataEnd() {
    return dataStart + storedSize;
  }
}
