package dev.graft.weights.caffe;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.io.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The bytes that messages lie in, with what is common to all messages of one file. For one thread.
 */
final class Wire {
  /** Networks have tens of thousands at most; a flood of empty fields would take minutes. */
  private static final int MAX_FIELDS = 300_000;

  /** Longest name of a layer or a network, in bytes. */
  private static final int MAX_TEXT = 1024;

  private static final int MAX_VARINT = 10;

  private final Bytes bytes;
  private final String source;
  private final ByteBuffer scratch = ByteBuffer.allocate(MAX_VARINT);
  private int fields;

  /**
   * Messages of a file.
   *
   * @param source what messages call it
   */
  Wire(Bytes bytes, String source) {
    this.bytes = bytes;
    this.source = source;
  }

  Bytes bytes() {
    return bytes;
  }

  String source() {
    return source;
  }

  /** The message in the bytes from {@code start} to {@code end}. */
  Message message(long start, long end, String what) {
    return new Message(this, start, end, what);
  }

  void countField(long at) {
    fields++;
    if (fields > MAX_FIELDS) {
      throw malformed("more than " + MAX_FIELDS + " protobuf fields", at);
    }
  }

  /** The bytes that a number may have, from a place on: at most 10, fewer before {@code end}. */
  ByteBuffer varint(long at, long end) {
    long available = Math.min(end, bytes.length()) - at;
    scratch.clear().limit((int) Math.max(0, Math.min(MAX_VARINT, available)));
    if (scratch.hasRemaining()) {
      bytes.read(at, scratch);
    }
    return scratch.flip();
  }

  /** A short text. */
  String text(long start, long length, String what) {
    if (length > MAX_TEXT) {
      throw malformed(what + " of " + length + " bytes, expected at most " + MAX_TEXT, start);
    }
    if (length > bytes.length() - start) {
      throw malformed(what + " that is cut", start);
    }
    ByteBuffer raw = ByteBuffer.allocate((int) length);
    bytes.read(start, raw);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(raw.flip()).toString();
    } catch (CharacterCodingException e) {
      throw malformed(what + " that is not UTF-8 text", start);
    }
  }

  /** A copy of a few little-endian bytes. */
  ByteBuffer copy(long start, int count) {
    ByteBuffer copy = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    bytes.read(start, copy);
    return copy.flip();
  }

  MalformedWeightsException malformed(String problem, long at) {
    return new MalformedWeightsException(source + ": has " + problem + ", at byte " + at);
  }
}
