package dev.graft.graph.checkpoint;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.io.Bytes;
import java.nio.ByteBuffer;

/** Reads forward through a run of bytes; a failure names the file and the byte. For one thread. */
final class Cursor {
  private static final int CHUNK_BYTES = 512;
  private static final byte[] NOTHING = {};

  private final Bytes bytes;
  private final String source;
  private final long end;
  private long at;
  private byte[] chunk = NOTHING;
  private long chunkStart;

  /**
   * The bytes [start, end), which the caller has found to lie in {@code bytes}.
   *
   * @param source what messages call the bytes
   */
  Cursor(Bytes bytes, String source, long start, long end) {
    this.bytes = bytes;
    this.source = source;
    this.at = start;
    this.end = end;
  }

  Bytes bytes() {
    return bytes;
  }

  String source() {
    return source;
  }

  long position() {
    return at;
  }

  long remaining() {
    return end - at;
  }

  boolean atEnd() {
    return at == end;
  }

  /** The next byte, 0 to 255. */
  int u8() {
    if (at == end) {
      throw error("truncated: expected a byte more");
    }
    long index = at - chunkStart;
    if (index < 0 || index >= chunk.length) {
      chunk = new byte[(int) Math.min(CHUNK_BYTES, end - at)];
      bytes.read(at, ByteBuffer.wrap(chunk));
      chunkStart = at;
      index = 0;
    }
    at++;
    return chunk[(int) index] & 0xff;
  }

  /** A number of 64 bits in groups of 7, the lowest first. */
  long varint() {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int group = u8();
      if (shift == 63 && group > 1) {
        break;
      }
      value |= (group & 0x7fL) << shift;
      if (group < 0x80) {
        return value;
      }
    }
    throw error("expected a number of at most 64 bits");
  }

  /** A number of 32 bits, not negative. */
  int varint31(String what) {
    long value = varint();
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw error("expected " + what + " below 2^31, found " + Long.toUnsignedString(value));
    }
    return (int) value;
  }

  int fixed32() {
    return u8() | (u8() << 8) | (u8() << 16) | (u8() << 24);
  }

  long fixed64() {
    return (fixed32() & 0xffffffffL) | ((long) fixed32() << 32);
  }

  /** Copies bytes; the caller bounds their number. */
  byte[] take(int count) {
    requireRoom(count);
    byte[] copy = new byte[count];
    bytes.read(at, ByteBuffer.wrap(copy));
    at += count;
    return copy;
  }

  /** The next bytes as a run of their own, which are skipped here. */
  Cursor part(long count) {
    requireRoom(count);
    Cursor part = new Cursor(bytes, source, at, at + count);
    at += count;
    return part;
  }

  /** Another cursor at this place, with the same end. */
  Cursor here() {
    return new Cursor(bytes, source, at, end);
  }

  void skip(long count) {
    requireRoom(count);
    at += count;
  }

  private void requireRoom(long count) {
    if (count < 0 || count > end - at) {
      throw error(
          "expected "
              + Long.toUnsignedString(count)
              + " bytes, found only "
              + (end - at)
              + " before byte "
              + end);
    }
  }

  /** The exception for what is wrong here. */
  MalformedWeightsException error(String problem) {
    return new MalformedWeightsException(source + ": byte " + at + ": " + problem);
  }
}
