package dev.graft.weights.zip;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.io.Printable;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** An entry as the central directory has it. */
record CentralHeader(
    String source,
    String name,
    ByteBuffer rawName,
    int flags,
    int method,
    int crc,
    long storedSize,
    long size,
    long headerStart,
    int unixMode) {
  static final int SIGNATURE = 0x02014b50;
  static final int LENGTH = 46;
  static final int STORED = 0;
  static final int DEFLATED = 8;
  static final int DATA_DESCRIPTOR = 1 << 3;
  static final int UTF8_NAME = 1 << 11;

  /**
   * How hard the compressor tried, sizes after the data, name in UTF-8: all others change bytes.
   */
  private static final int KNOWN_FLAGS = 1 << 1 | 1 << 2 | DATA_DESCRIPTOR | UTF8_NAME;

  /** The most that deflate can expand. */
  private static final long MAX_RATIO = 1032;

  /** Takes the next entry off the directory. */
  static CentralHeader read(ByteBuffer directory, String source, long index) {
    int start = directory.position();
    String entry = source + ": entry " + index + " of the central directory";
    if (directory.remaining() < LENGTH || directory.getInt(start) != SIGNATURE) {
      throw new MalformedWeightsException(entry + " is missing");
    }
    int nameLength = directory.getShort(start + 28) & 0xffff;
    int extraLength = directory.getShort(start + 30) & 0xffff;
    int commentLength = directory.getShort(start + 32) & 0xffff;
    int length = LENGTH + nameLength + extraLength + commentLength;
    if (directory.remaining() < length) {
      throw new MalformedWeightsException(entry + " is longer than the directory");
    }
    ByteBuffer rawName = directory.slice(start + LENGTH, nameLength);
    ByteBuffer extra =
        directory.slice(start + LENGTH + nameLength, extraLength).order(directory.order());
    directory.position(start + length);

    int flags = directory.getShort(start + 8) & 0xffff;
    ByteBuffer wide = Zip64Extra.find(extra).orElse(ByteBuffer.allocate(0));
    long size = Zip64Extra.resolve(directory.getInt(start + 24) & 0xffffffffL, wide);
    long storedSize = Zip64Extra.resolve(directory.getInt(start + 20) & 0xffffffffL, wide);
    long headerStart = Zip64Extra.resolve(directory.getInt(start + 42) & 0xffffffffL, wide);
    CentralHeader header =
        new CentralHeader(
            source,
            decode(rawName, flags),
            rawName,
            flags,
            directory.getShort(start + 10) & 0xffff,
            directory.getInt(start + 16),
            storedSize,
            size,
            headerStart,
            directory.getInt(start + 38) >>> 16);
    header.check(directory.getShort(start + 34));
    return header;
  }

  private static String decode(ByteBuffer rawName, int flags) {
    byte[] bytes = new byte[rawName.remaining()];
    rawName.get(0, bytes);
    boolean ascii = true;
    for (byte b : bytes) {
      ascii &= b >= 0;
    }
    boolean utf8 = ascii || (flags & UTF8_NAME) != 0;
    return new String(bytes, utf8 ? StandardCharsets.UTF_8 : Charset.forName("IBM437"));
  }

  private void check(int disk) {
    if (size < 0 || storedSize < 0 || headerStart < 0) {
      throw error("has sizes or an offset that no file can have");
    }
    if (disk != 0) {
      throw error("is on another disk of a split archive");
    }
    if ((flags & ~KNOWN_FLAGS) != 0) {
      throw error(String.format("is encrypted or patched (flags 0x%04x)", flags));
    }
    if (method != STORED && method != DEFLATED) {
      throw error("has compression method " + method + ", expected 0 (stored) or 8 (deflated)");
    }
    if (method == STORED && size != storedSize) {
      throw error("is stored, but has " + storedSize + " bytes in the file for " + size);
    }
    if (method == DEFLATED && size / MAX_RATIO > storedSize) {
      throw error(
          "claims to inflate from " + storedSize + " to " + size + " bytes, more than deflate can");
    }
  }

  MalformedWeightsException error(String problem) {
    return new MalformedWeightsException(source + ": entry " + Printable.of(name) + " " + problem);
  }

  /** Whether a local header has the same name. */
  boolean sameName(byte[] localName) {
    byte[] bytes = new byte[rawName.remaining()];
    rawName.get(0, bytes);
    return Arrays.equals(bytes, localName);
  }
}
