package dev.graft.containers;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Files of numpy's format made of literals, given as characters up to U+00FF. */
public final class Npy {
  private Npy() {}

  /** The bytes of characters up to U+00FF. */
  public static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** An .npy of format 2.0 with this header text and these elements. */
  public static byte[] file(String header, byte... elements) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(latin1("\u0093NUMPY\u0002\u0000"));
    int length = header.length() + 1;
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      out.write(length >> shift);
    }
    out.writeBytes(latin1(header + "\n"));
    out.writeBytes(elements);
    return out.toByteArray();
  }

  /** An .npy of these dtype, memory order and shape. */
  public static byte[] file(String descr, boolean fortran, String shape, byte... elements) {
    String order = fortran ? "True" : "False";
    return file(
        "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }",
        elements);
  }

  /** An .npy of one object with this pickle. */
  public static byte[] pickled(byte[] pickle) {
    return file("|O", false, "()", pickle);
  }
}
