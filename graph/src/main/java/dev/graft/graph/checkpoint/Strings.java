package dev.graft.graph.checkpoint;

import dev.graft.weights.io.Printable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Strings of a checkpoint in a form for people: the first of them, each cut where it is long. */
final class Strings {
  /** How many strings are shown. */
  static final int SHOWN = 4;

  private static final int MAX_READ_BYTES = 1024;

  private final boolean scalar;
  private final long count;
  private final List<String> shown = new ArrayList<>();

  private Strings(boolean scalar, long count) {
    this.scalar = scalar;
    this.count = count;
  }

  /**
   * As a V2 checkpoint has them: all lengths, their checksum, all bytes.
   *
   * @param what the entry's name, for messages
   */
  static String ofBundle(Cursor in, boolean scalar, long count, String what) {
    if (count > in.remaining()) {
      throw in.error(what + ": " + count + " strings in " + in.remaining() + " bytes");
    }
    Strings strings = new Strings(scalar, count);
    long[] lengths = new long[(int) Math.min(count, SHOWN)];
    long all = 0;
    long room = in.remaining();
    for (long i = 0; i < count; i++) {
      long length = in.varint();
      if (length < 0 || length > room - all) {
        throw in.error(
            what + ": a string of " + Long.toUnsignedString(length) + " bytes goes beyond its end");
      }
      all += length;
      if (i < lengths.length) {
        lengths[(int) i] = length;
      }
    }
    if (count > 0 || !in.atEnd()) {
      in.skip(Integer.BYTES);
    }
    if (in.remaining() != all) {
      throw in.error(what + ": strings of " + all + " bytes, found " + in.remaining());
    }
    for (long length : lengths) {
      strings.add(in.part(length));
    }
    return strings.toString();
  }

  /**
   * As a V1 checkpoint has them.
   *
   * @param first the first strings, at least {@link #SHOWN} where there are as many
   */
  static String of(List<Cursor> first, boolean scalar, long count) {
    Strings strings = new Strings(scalar, count);
    first.stream().limit(SHOWN).forEach(strings::add);
    return strings.toString();
  }

  private void add(Cursor in) {
    long length = in.remaining();
    byte[] bytes = in.take((int) Math.min(length, MAX_READ_BYTES));
    String text = Printable.of(new String(bytes, StandardCharsets.UTF_8));
    shown.add(length > bytes.length ? text + " of " + length + " bytes" : text);
  }

  @Override
  public String toString() {
    if (scalar && shown.size() == 1) {
      return shown.get(0);
    }
    String list = String.join(", ", shown);
    return "[" + (count > shown.size() ? list + ", ..." : list) + "]";
  }
}
