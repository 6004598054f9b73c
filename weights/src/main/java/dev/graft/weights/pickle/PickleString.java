package dev.graft.weights.pickle;

import dev.graft.weights.io.Bytes;
import dev.graft.weights.io.SpilledBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A string or bytes object of a pickle, left where it lies in the file. Python 2's strings are
 * bytes; a text becomes bytes by being encoded as Latin-1, which is how Python 3 writes bytes in
 * protocols 0 to 2.
 */
final class PickleString {
  /** Longest text, in bytes of the file, that is made a Java string: a name, a dtype. */
  static final int MAX_TEXT = 1024;

  /** Longest string, in bytes of the file, that is counted when it is read. */
  private static final int MAX_COUNTED = 1 << 16;

  private final PickleInput input;
  private final long start;
  private final long length;
  private final StringCoding coding;
  private final boolean bytes;
  private long byteLength = -1;
  private PickleString encoded;

  /**
   * A string.
   *
   * @param start where its first byte is in the file
   * @param length how many bytes it has there
   * @param bytes whether Python sees bytes, not text
   */
  PickleString(PickleInput input, long start, long length, StringCoding coding, boolean bytes) {
    this.input = input;
    this.start = start;
    this.length = length;
    this.coding = coding;
    this.bytes = bytes;
  }

  boolean isBytes() {
    return bytes;
  }

  /** The bytes object that a text encoded as Latin-1 is. */
  PickleString encoded() {
    if (encoded == null) {
      // Kept, so that a text named a thousand times is counted once.
      encoded = new PickleString(input, start, length, coding, true);
    }
    return encoded;
  }

  /** How many bytes it has in the file. */
  long rawLength() {
    return length;
  }

  /** How many bytes the bytes object has. */
  long byteLength() {
    if (byteLength < 0) {
      byteLength =
          coding == StringCoding.RAW ? length : coding.byteLength(input.file(), start, length);
    }
    return byteLength;
  }

  /**
   * Whether the bytes object may have this many bytes. Certain where the bytes stand as they are,
   * and for short strings; a long one is decoded only when it is used, and found wrong then.
   */
  boolean mayHold(long size) {
    if (coding == StringCoding.RAW || length <= MAX_COUNTED) {
      return byteLength() == size;
    }
    return size <= length && size >= length / coding.longest();
  }

  /**
   * What the bytes object's bytes lie in; they begin at {@link #contentStart}.
   *
   * @param size how many they have to be
   */
  Bytes content(long size) {
    if (coding == StringCoding.RAW) {
      return input.file();
    }
    String source = input.file().source() + ": the string at byte " + start;
    return new SpilledBytes(
        input.file(), source, size, sink -> coding.decode(input.file(), start, length, sink));
  }

  long contentStart() {
    return coding == StringCoding.RAW ? start : 0;
  }

  /** A short text as a Java string. */
  String text() {
    if (length > MAX_TEXT) {
      throw input.malformed("a name of " + length + " bytes, expected at most " + MAX_TEXT);
    }
    ByteBuffer raw = ByteBuffer.allocate((int) length);
    if (coding == StringCoding.RAW || coding == StringCoding.UTF8) {
      input.file().read(start, raw);
    } else {
      try {
        coding.decode(input.file(), start, length, raw::put);
      } catch (IOException e) {
        throw new IllegalStateException("a sink in memory does not fail", e);
      }
    }
    raw.flip();
    if (coding == StringCoding.RAW_UNICODE) {
      return StandardCharsets.ISO_8859_1.decode(raw).toString();
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(raw).toString();
    } catch (CharacterCodingException e) {
      throw input.malformed("a name that is not UTF-8 text, from byte " + start + " on");
    }
  }
}
