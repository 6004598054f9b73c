package dev.graft.weights.zip;

import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightsException;
import dev.graft.weights.io.AtomicOutput;
import dev.graft.weights.io.Printable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Writes zip archives: stored entries, dated 1980-01-01 so that equal content makes equal files.
 * The elements of each array begin at a multiple of {@link #ALIGNMENT} in the file, for use in
 * place. For one thread.
 */
public final class ZipWriter {
  /** Bytes that arrays in an archive are aligned to. */
  public static final int ALIGNMENT = 64;

  private static final int VERSION = 20;
  private static final int VERSION_ZIP64 = 45;
  private static final short DATE_1980_01_01 = 1 << 5 | 1;
  private static final long MAX_32 = 0xffffffffL;
  private static final int MAX_16 = 0xffff;
  private static final int ZIP64_LOCAL_EXTRA = 4 + 16;

  /** Most bytes of an entry in the directory, without its name. */
  private static final long MAX_CENTRAL = CentralHeader.LENGTH + 4 + 24;

  /** The extra field that Android's zipalign fills up with, which everyone ignores. */
  private static final short PADDING_ID = (short) 0xd935;

  private final AtomicOutput out;
  private final String destination;
  private final List<Written> written = new ArrayList<>();

  /**
   * An archive that is the whole of an output, which the caller commits.
   *
   * @param destination what messages call it
   */
  public ZipWriter(AtomicOutput out, String destination) {
    this.out = out;
    this.destination = destination;
  }

  private record Written(String name, long size, int crc, long headerStart) {
    byte[] rawName() {
      return name.getBytes(StandardCharsets.UTF_8);
    }

    /** UTF-8 names have to be declared; plain ASCII ones are not, as numpy does. */
    short flags() {
      boolean ascii = rawName().length == name.length();
      return (short) (ascii ? 0 : CentralHeader.UTF8_NAME);
    }
  }

  /** Adds an entry of these bytes. */
  public void entry(String name, byte[] content) {
    entry(name, content, null);
  }

  /**
   * Adds an entry: a header whose length is a multiple of {@link #ALIGNMENT}, or none, then the
   * array's elements, in C order and little-endian.
   *
   * @throws WeightsException where the name is too long for an archive, or no text
   */
  public void entry(String name, byte[] header, WeightArray array) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      throw new WeightsException(
          destination + ": the name " + Printable.of(name) + " has half a surrogate pair");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > MAX_16) {
      throw new WeightsException(
          destination + ": the name " + Printable.of(name) + " is too long for a zip archive");
    }
    long start = out.position();
    long size = header.length + (array == null ? 0 : array.byteSize());
    Written entry = new Written(name, size, 0, start);
    out.write(localHeader(entry));
    CRC32 crc = new CRC32();
    crc.update(header);
    out.write(header);
    if (array != null) {
      out.write(array, crc);
    }
    // The checksum is known only now.
    Written whole = new Written(name, size, (int) crc.getValue(), start);
    out.writeAt(start, localHeader(whole));
    written.add(whole);
  }

  private static ByteBuffer localHeader(Written entry) {
    byte[] name = entry.rawName();
    boolean zip64 = entry.size() >= MAX_32;
    int extra = zip64 ? ZIP64_LOCAL_EXTRA : 0;
    int fixed = LocalHeader.LENGTH + name.length + extra + 4;
    int padding = (int) Math.floorMod(-(entry.headerStart() + fixed), (long) ALIGNMENT);
    int size32 = zip64 ? -1 : (int) entry.size();
    ByteBuffer header =
        little(fixed + padding)
            .putInt(LocalHeader.SIGNATURE)
            .putShort((short) (zip64 ? VERSION_ZIP64 : VERSION))
            .putShort(entry.flags())
            .putShort((short) CentralHeader.STORED)
            .putShort((short) 0)
            .putShort(DATE_1980_01_01)
            .putInt(entry.crc())
            .putInt(size32)
            .putInt(size32)
            .putShort((short) name.length)
            .putShort((short) (extra + 4 + padding))
            .put(name);
    if (zip64) {
      header.putShort(Zip64Extra.ID).putShort((short) 16);
      header.putLong(entry.size()).putLong(entry.size());
    }
    header.putShort(PADDING_ID).putShort((short) padding);
    return header.position(header.capacity()).flip();
  }

  /**
   * Writes the directory, after the last entry.
   *
   * @throws WeightsException for more entries, or longer names, than are read back
   */
  public void finish() {
    long names = written.stream().mapToLong(entry -> entry.rawName().length).sum();
    long directory = written.size() * MAX_CENTRAL + names;
    if (written.size() > ZipDirectory.MAX_ENTRIES || directory > ZipDirectory.MAX_DIRECTORY) {
      throw new WeightsException(
          String.format(
              "%s: %d entries with names of %d bytes in all are too many for an archive",
              destination, written.size(), names));
    }
    long start = out.position();
    for (Written entry : written) {
      out.write(centralHeader(entry));
    }
    long end = out.position();
    boolean zip64 = written.size() >= MAX_16 || end - start >= MAX_32 || start >= MAX_32;
    if (zip64) {
      out.write(end64(start, end));
    }
    short count = (short) Math.min(written.size(), MAX_16);
    out.write(
        little(ZipDirectory.END_LENGTH)
            .putInt(ZipDirectory.END_SIGNATURE)
            .putShort((short) 0)
            .putShort((short) 0)
            .putShort(count)
            .putShort(count)
            .putInt((int) Math.min(end - start, MAX_32))
            .putInt((int) Math.min(start, MAX_32))
            .putShort((short) 0)
            .flip());
  }

  private static ByteBuffer centralHeader(Written entry) {
    byte[] name = entry.rawName();
    boolean wideSize = entry.size() >= MAX_32;
    boolean wideStart = entry.headerStart() >= MAX_32;
    int wide = (wideSize ? 16 : 0) + (wideStart ? 8 : 0);
    int extra = wide == 0 ? 0 : 4 + wide;
    short version = (short) (wide == 0 ? VERSION : VERSION_ZIP64);
    int size32 = wideSize ? -1 : (int) entry.size();
    ByteBuffer header =
        little(CentralHeader.LENGTH + name.length + extra)
            .putInt(CentralHeader.SIGNATURE)
            .putShort(version)
            .putShort(version)
            .putShort(entry.flags())
            .putShort((short) CentralHeader.STORED)
            .putShort((short) 0)
            .putShort(DATE_1980_01_01)
            .putInt(entry.crc())
            .putInt(size32)
            .putInt(size32)
            .putShort((short) name.length)
            .putShort((short) extra)
            .putShort((short) 0)
            .putShort((short) 0)
            .putShort((short) 0)
            .putInt(0)
            .putInt(wideStart ? -1 : (int) entry.headerStart())
            .put(name);
    if (wide > 0) {
      header.putShort(Zip64Extra.ID).putShort((short) wide);
    }
    if (wideSize) {
      header.putLong(entry.size()).putLong(entry.size());
    }
    if (wideStart) {
      header.putLong(entry.headerStart());
    }
    return header.flip();
  }

  private ByteBuffer end64(long start, long end) {
    return little(ZipDirectory.END64_LENGTH + ZipDirectory.LOCATOR64_LENGTH)
        .putInt(ZipDirectory.END64_SIGNATURE)
        .putLong(ZipDirectory.END64_LENGTH - 12)
        .putShort((short) VERSION_ZIP64)
        .putShort((short) VERSION_ZIP64)
        .putInt(0)
        .putInt(0)
        .putLong(written.size())
        .putLong(written.size())
        .putLong(end - start)
        .putLong(start)
        .putInt(ZipDirectory.LOCATOR64_SIGNATURE)
        .putInt(0)
        .putLong(end)
        .putInt(1)
        .flip();
  }

  private static ByteBuffer little(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
