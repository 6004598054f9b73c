package dev.graft.weights.zip;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.Printable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reads the directory of a zip archive, zip64 too. Every local header must say what the central
 * directory says, and no two entries may share bytes.
 */
public final class ZipDirectory {
  static final int END_SIGNATURE = 0x06054b50;
  static final int END_LENGTH = 22;
  static final int END64_SIGNATURE = 0x06064b50;
  static final int END64_LENGTH = 56;
  static final int LOCATOR64_SIGNATURE = 0x07064b50;
  static final int LOCATOR64_LENGTH = 20;

  private static final int MAX_COMMENT = 0xffff;
  static final int MAX_ENTRIES = 50_000;
  static final int MAX_DIRECTORY = 1 << 24;

  private final MappedFile file;
  private final String source;

  private ZipDirectory(MappedFile file) {
    this.file = file;
    this.source = file.source();
  }

  /**
   * All entries in the directory's order; names may come twice.
   *
   * @throws MalformedWeightsException where the archive contradicts itself
   */
  public static List<ZipEntry> read(MappedFile file) {
    return new ZipDirectory(file).entries();
  }

  /** Where the central directory lies, and how many entries it has. */
  private record Extent(long start, long size, long count) {
    long end() {
      return start + size;
    }
  }

  private List<ZipEntry> entries() {
    Extent extent = extent();
    if (extent.count() > MAX_ENTRIES || extent.size() > MAX_DIRECTORY) {
      throw error(
          "a directory of " + extent.count() + " entries in " + extent.size() + " bytes is absurd");
    }
    // In place: it can be larger than the heap has room for.
    ByteBuffer directory = file.slice(extent.start(), extent.size()).orElseThrow();
    List<ZipEntry> entries = new ArrayList<>();
    for (long i = 0; i < extent.count(); i++) {
      CentralHeader central = CentralHeader.read(directory, source, i);
      entries.add(LocalHeader.check(file, central, extent.start()));
    }
    if (directory.hasRemaining()) {
      throw error(
          "the central directory has " + directory.remaining() + " bytes after its last entry");
    }
    refuseOverlap(entries);
    return entries;
  }

  private void refuseOverlap(List<ZipEntry> entries) {
    List<ZipEntry> byPlace = new ArrayList<>(entries);
    byPlace.sort(Comparator.comparingLong(ZipEntry::headerStart));
    for (int i = 1; i < byPlace.size(); i++) {
      ZipEntry before = byPlace.get(i - 1);
      ZipEntry entry = byPlace.get(i);
      if (before.dataEnd() > entry.headerStart()) {
        throw error(
            "entries "
                + Printable.of(before.name())
                + " and "
                + Printable.of(entry.name())
                + " overlap at byte "
                + entry.headerStart());
      }
    }
  }

  private Extent extent() {
    long end = findEnd();
    ByteBuffer record = bytes(end, END_LENGTH, "end record");
    int disk = record.getShort(4) & 0xffff;
    int directoryDisk = record.getShort(6) & 0xffff;
    long onDisk = record.getShort(8) & 0xffff;
    long count = record.getShort(10) & 0xffff;
    Extent extent =
        new Extent(record.getInt(16) & 0xffffffffL, record.getInt(12) & 0xffffffffL, count);
    if (disk == 0 && directoryDisk == 0 && onDisk == count && extent.end() == end) {
      return extent;
    }
    Extent wide = extent64(end);
    if (wide != null) {
      return wide;
    }
    throw error(
        String.format(
            "the end record says that the directory of %d entries is at bytes %d to %d, expected it"
                + " to end at byte %d",
            count, extent.start(), extent.end(), end));
  }

  private Extent extent64(long end) {
    long locatorStart = end - LOCATOR64_LENGTH;
    if (locatorStart < 0) {
      return null;
    }
    ByteBuffer locator = bytes(locatorStart, LOCATOR64_LENGTH, "zip64 locator");
    if (locator.getInt(0) != LOCATOR64_SIGNATURE) {
      return null;
    }
    long recordStart = locator.getLong(8);
    if (recordStart < 0 || recordStart > locatorStart - END64_LENGTH) {
      throw error("the zip64 locator points to byte " + Long.toUnsignedString(recordStart));
    }
    ByteBuffer record = bytes(recordStart, END64_LENGTH, "zip64 end record");
    Extent extent = new Extent(record.getLong(48), record.getLong(40), record.getLong(32));
    boolean plausible =
        record.getInt(0) == END64_SIGNATURE
            && record.getInt(16) == 0
            && record.getInt(20) == 0
            && record.getLong(24) == extent.count()
            && extent.count() >= 0
            && extent.start() >= 0
            && extent.size() >= 0
            && extent.start() <= recordStart
            && extent.size() == recordStart - extent.start();
    if (!plausible) {
      throw error("the zip64 end record at byte " + recordStart + " contradicts the archive");
    }
    return extent;
  }

  private long findEnd() {
    int tailLength = (int) Math.min(file.length(), END_LENGTH + MAX_COMMENT);
    long tailStart = file.length() - tailLength;
    ByteBuffer tail = bytes(tailStart, tailLength, "end");
    for (int at = tailLength - END_LENGTH; at >= 0; at--) {
      if (tail.getInt(at) == END_SIGNATURE
          && (tail.getShort(at + 20) & 0xffff) == tailLength - END_LENGTH - at) {
        return tailStart + at;
      }
    }
    throw error(
        "truncated or not a zip archive: ends at byte "
            + file.length()
            + " without the end record that should stand there");
  }

  private ByteBuffer bytes(long start, int length, String what) {
    if (start < 0 || start > file.length() - length) {
      throw error("truncated: ends at byte " + file.length() + ", before its " + what + " does");
    }
    ByteBuffer copy = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    file.read(start, copy);
    return copy.flip();
  }

  private MalformedWeightsException error(String problem) {
    return new MalformedWeightsException(source + ": " + problem);
  }
}
