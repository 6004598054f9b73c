package dev.graft.weights.zip;

import dev.graft.weights.io.MappedFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Checks the header before an entry's bytes against the central directory. */
final class LocalHeader {
  static final int SIGNATURE = 0x04034b50;
  static final int LENGTH = 30;

  private LocalHeader() {}

  /** The entry, its bytes lying whole before the central directory. */
  static ZipEntry check(MappedFile file, CentralHeader central, long directoryStart) {
    long start = central.headerStart();
    if (start > directoryStart - LENGTH) {
      throw central.error("has its local header at byte " + start + ", inside the directory");
    }
    ByteBuffer local = read(file, start, LENGTH);
    if (local.getInt(0) != SIGNATURE) {
      throw central.error("has no local header at byte " + start);
    }
    int nameLength = local.getShort(26) & 0xffff;
    int extraLength = local.getShort(28) & 0xffff;
    long dataStart = start + LENGTH + nameLength + extraLength;
    if (dataStart > directoryStart || central.storedSize() > directoryStart - dataStart) {
      throw central.error(
          "has "
              + central.storedSize()
              + " bytes from byte "
              + dataStart
              + " on, but the central directory begins at byte "
              + directoryStart);
    }
    byte[] name = new byte[nameLength];
    read(file, start + LENGTH, nameLength).get(name);
    if (!central.sameName(name)) {
      throw differs(central, "name");
    }
    if ((local.getShort(6) & 0xffff) != central.flags()) {
      throw differs(central, "flags");
    }
    if ((local.getShort(8) & 0xffff) != central.method()) {
      throw differs(central, "compression method");
    }
    checkSizes(local, read(file, start + LENGTH + nameLength, extraLength), central);
    return new ZipEntry(
        central.name(),
        central.method() == CentralHeader.DEFLATED,
        start,
        dataStart,
        central.storedSize(),
        central.size(),
        central.crc(),
        central.unixMode());
  }

  private static void checkSizes(ByteBuffer local, ByteBuffer extra, CentralHeader central) {
    ByteBuffer wide = Zip64Extra.find(extra).orElse(ByteBuffer.allocate(0));
    long size = Zip64Extra.resolve(local.getInt(22) & 0xffffffffL, wide);
    long storedSize = Zip64Extra.resolve(local.getInt(18) & 0xffffffffL, wide);
    int crc = local.getInt(14);
    // A writer that cannot seek leaves zeros here and puts the figures after the data.
    if ((central.flags() & CentralHeader.DATA_DESCRIPTOR) != 0
        && size == 0
        && storedSize == 0
        && crc == 0) {
      return;
    }
    if (size != central.size() || storedSize != central.storedSize()) {
      throw differs(central, "size");
    }
    if (crc != central.crc()) {
      throw differs(central, "checksum");
    }
  }

  private static RuntimeException differs(CentralHeader central, String what) {
    return central.error(
        "has another "
            + what
            + " in its local header at byte "
            + central.headerStart()
            + " than in the central directory");
  }

  private static ByteBuffer read(MappedFile file, long start, int length) {
    ByteBuffer copy = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    file.read(start, copy);
    return copy.flip();
  }
}
