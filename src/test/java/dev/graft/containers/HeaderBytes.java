package dev.graft.containers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/** Which bytes of a container are its headers, by what it begins with. */
final class HeaderBytes {
  private static final int PICKLE = 512;
  private static final int OTHER = 1024;
  private static final int ZIP_LOCAL = 256;

  private HeaderBytes() {}

  /** The offsets of the headers' bytes. */
  static IntStream of(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (startsWith(file, "\u0093NUMPY\u0001")) {
      int header = 10 + (bytes.getShort(8) & 0xffff);
      boolean pickled = new String(file, 0, header, StandardCharsets.ISO_8859_1).contains("|O");
      return first(file, pickled ? header + PICKLE : header);
    }
    if (startsWith(file, "PK\u0003\u0004")) {
      int directory = bytes.getInt(file.length - 22 + 16);
      return IntStream.concat(first(file, ZIP_LOCAL), IntStream.range(directory, file.length));
    }
    if (startsWith(file, "\u0089HDF")) {
      return first(file, 2 * OTHER);
    }
    if (file.length > 9 && file[8] == '{') {
      return first(file, 8 + (int) Math.min(bytes.getLong(0), file.length));
    }
    return first(file, OTHER);
  }

  private static IntStream first(byte[] file, int count) {
    return IntStream.range(0, Math.min(count, file.length));
  }

  private static boolean startsWith(byte[] file, String magic) {
    byte[] expected = magic.getBytes(StandardCharsets.ISO_8859_1);
    return file.length > 22
        && ByteBuffer.wrap(file, 0, expected.length).equals(ByteBuffer.wrap(expected));
  }
}
