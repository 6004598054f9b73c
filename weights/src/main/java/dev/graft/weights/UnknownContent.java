package dev.graft.weights;

import dev.graft.weights.io.Printable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Says what a file that no format knows begins with, and what it looks like. */
final class UnknownContent {
  private static final int SHOWN_BYTES = 16;
  private static final int ZIP_NAME_OFFSET = 30;

  private UnknownContent() {}

  static String describe(ByteBuffer head) {
    byte[] start = new byte[Math.min(SHOWN_BYTES, head.limit())];
    head.get(0, start);
    String shown =
        HexFormat.ofDelimiter(" ").formatHex(start)
            + " "
            + Printable.of(new String(start, StandardCharsets.ISO_8859_1));
    return "unknown content, begins with " + shown + guess(head);
  }

  private static String guess(ByteBuffer head) {
    if (startsWith(head, "\u0089HDF\r\n\u001a\n")) {
      return "; it looks like HDF5 (Keras .h5), which is not read";
    }
    if (startsWith(head, "PK\u0003\u0004")) {
      return "; it looks like a zip archive whose first entry is "
          + Printable.of(firstZipEntry(head))
          + ", not an .npy (PyTorch's .pth is such a one), which is not read";
    }
    if (startsWith(head, "\u001f\u008b")) {
      return "; it looks like gzip: decompress it first";
    }
    if (head.limit() > 1 && head.get(0) == (byte) 0x80 && head.get(1) >= 2 && head.get(1) <= 5) {
      return "; it looks like a bare pickle (an old PyTorch .pth?), which is not read: of pickles"
          + " only numpy's dictionary .npy is";
    }
    return "";
  }

  private static boolean startsWith(ByteBuffer head, String magic) {
    byte[] expected = magic.getBytes(StandardCharsets.ISO_8859_1);
    return head.limit() >= expected.length
        && head.slice(0, expected.length).equals(ByteBuffer.wrap(expected));
  }

  private static String firstZipEntry(ByteBuffer head) {
    if (head.limit() < ZIP_NAME_OFFSET) {
      return "";
    }
    int length = head.duplicate().order(ByteOrder.LITTLE_ENDIAN).getShort(26) & 0xffff;
    byte[] name = new byte[Math.min(length, head.limit() - ZIP_NAME_OFFSET)];
    head.get(ZIP_NAME_OFFSET, name);
    return new String(name, StandardCharsets.UTF_8);
  }
}
