package dev.graft.weights.pickle;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.UnsafeWeightsException;
import dev.graft.weights.io.MappedFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads a pickle's parts from a file, each checked against the file's end first. */
final class PickleInput {
  /** Longest line that is a number or a name; texts have no limit but the file. */
  private static final int MAX_SHORT_LINE = 1024;

  private static final int FIRST_SCAN_BYTES = 64;
  private static final int SCAN_BYTES = 1 << 16;

  private final MappedFile file;
  private final ByteBuffer scratch =
      ByteBuffer.allocate(FIRST_SCAN_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private ByteBuffer longScratch;
  private long position;
  private long opcodeStart;

  PickleInput(MappedFile file, long start) {
    this.file = file;
    this.position = start;
  }

  MappedFile file() {
    return file;
  }

  long position() {
    return position;
  }

  long remaining() {
    return file.length() - position;
  }

  /** The next opcode's byte. */
  int opcode() {
    opcodeStart = position;
    return u1();
  }

  int u1() {
    return take(1).get() & 0xff;
  }

  int u2() {
    return take(2).getShort() & 0xffff;
  }

  int i4() {
    return take(4).getInt();
  }

  long u4() {
    return take(4).getInt() & 0xffffffffL;
  }

  long i8() {
    return take(8).getLong();
  }

  double bigEndianDouble() {
    return Double.longBitsToDouble(Long.reverseBytes(i8()));
  }

  /** A little-endian two's complement number of this many bytes, at most 8. */
  long signed(long length) {
    if (length < 0 || length > Long.BYTES) {
      throw malformed("an integer of " + length + " bytes, expected at most 8");
    }
    ByteBuffer bytes = take((int) length);
    long value = 0;
    for (int i = 0; i < length; i++) {
      value |= (bytes.get() & 0xffL) << (8 * i);
    }
    int unused = (int) (Long.SIZE - 8 * length);
    return length == 0 ? 0 : value << unused >> unused;
  }

  /**
   * Takes the next {@code length} (unsigned) bytes, which are left where they are; their offset.
   */
  long skip(long length) {
    require(length);
    long start = position;
    position += length;
    return start;
  }

  /** A short line of ASCII, without its end. */
  String shortLine() {
    long start = position;
    long length = line(MAX_SHORT_LINE);
    byte[] text = new byte[(int) length];
    file.read(start, ByteBuffer.wrap(text));
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  /** Skips a line of any length; its length without its end. */
  long longLine() {
    long newline = LineScan.newline(file, position);
    if (newline < 0) {
      // Fails, and says what is missing.
      return line(Long.MAX_VALUE);
    }
    long length = newline - position;
    position = newline + 1;
    return length;
  }

  private long line(long max) {
    long start = position;
    while (remaining() > 0) {
      // Most lines are a few bytes long, some are hundreds of megabytes.
      ByteBuffer piece = position == start ? scratch : longScratch();
      int count = (int) Math.min(piece.capacity(), remaining());
      file.read(position, piece.clear().limit(count));
      for (int i = 0; i < count; i++) {
        if (piece.get(i) == '\n') {
          long length = position + i - start;
          if (length > max) {
            throw malformed("a line of " + length + " bytes, expected at most " + max);
          }
          position = start + length + 1;
          return length;
        }
      }
      position += count;
      if (position - start > max) {
        throw malformed("a line of more than " + max + " bytes");
      }
    }
    throw new MalformedWeightsException(
        file.source()
            + ": truncated: ends at byte "
            + file.length()
            + ", inside a line of the pickle that begins at byte "
            + start);
  }

  private ByteBuffer longScratch() {
    if (longScratch == null) {
      longScratch = ByteBuffer.allocate(SCAN_BYTES);
    }
    return longScratch;
  }

  private ByteBuffer take(int length) {
    require(length);
    file.read(position, scratch.clear().limit(length));
    position += length;
    return scratch.flip();
  }

  /** Checks that there are {@code length} (unsigned) bytes more. */
  void require(long length) {
    if (length < 0 || length > remaining()) {
      long end = position + length;
      boolean overflow = length < 0 || end < 0;
      throw new MalformedWeightsException(
          file.source()
              + ": truncated: ends at byte "
              + file.length()
              + ", but the pickle needs "
              + Long.toUnsignedString(length)
              + " bytes from byte "
              + position
              + " on"
              + (overflow ? "" : ", to byte " + end));
    }
  }

  /** A broken pickle; the message gives the place of the opcode at work. */
  MalformedWeightsException malformed(String problem) {
    return new MalformedWeightsException(
        file.source() + ": the pickle has " + problem + ", at byte " + opcodeStart);
  }

  /**
   * A pickle that wants more than data.
   *
   * @param allowed what is read instead, as the end of a sentence
   */
  UnsafeWeightsException unsafe(String wish, String allowed) {
    return new UnsafeWeightsException(
        file.source()
            + ": refused: the pickle wants to "
            + wish
            + ", at byte "
            + opcodeStart
            + "; "
            + allowed);
  }
}
