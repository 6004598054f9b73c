package dev.graft.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files made of literals. */
public final class TestFiles {
  private TestFiles() {}

  /** Writes bytes, given as characters up to U+00FF. */
  public static Path write(Path folder, String name, String latin1) {
    return write(folder, name, latin1(latin1));
  }

  public static Path write(Path folder, String name, byte[] bytes) {
    try {
      return Files.write(folder.resolve(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** An .npy of format 1.0 with this header text, which gets its newline, and these elements. */
  public static byte[] npy(String header, byte... elements) {
    String text = header + "\n";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(latin1("\u0093NUMPY\u0001\u0000"));
    out.write(text.length() & 0xff);
    out.write(text.length() >> 8);
    out.writeBytes(latin1(text));
    out.writeBytes(elements);
    return out.toByteArray();
  }

  /** Where the pickle begins in {@link #dictionary}. */
  public static final int PICKLE_START = dictionary("").length;

  /** An .npy of one object with this pickle. */
  public static byte[] dictionary(String pickle) {
    return npy("{'descr': '|O', 'fortran_order': False, 'shape': (), }", latin1(pickle));
  }
}
