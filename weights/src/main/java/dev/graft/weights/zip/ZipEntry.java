package dev.graft.weights.zip;

/**
 * An entry of a zip archive, its central and local headers found equal.
 *
 * @param headerStart offset of the local header in the file
 * @param dataStart offset of the entry's bytes in the file
 * @param storedSize how many bytes it has in the file
 * @param size how many it has when decompressed
 * @param unixMode file type and permissions as Unix has them; 0 where the archive does not say
 */
public record ZipEntry(
    String name,
    boolean deflated,
    long headerStart,
    long dataStart,
    long storedSize,
    long size,
    int crc,
    int unixMode) {
  private static final int FILE_TYPE = 0xf000;
  private static final int REGULAR = 0x8000;
  private static final int FOLDER = 0x4000;

  /** Offset of the byte after the entry's bytes in the file. */
  public long dataEnd() {
    return dataStart + storedSize;
  }

  /** Whether it stands for a folder. */
  public boolean isFolder() {
    return name.endsWith("/");
  }

  /** Whether it is a link, a device or the like. */
  public boolean isSpecial() {
    int type = unixMode & FILE_TYPE;
    return type != 0 && type != REGULAR && type != FOLDER;
  }
}
