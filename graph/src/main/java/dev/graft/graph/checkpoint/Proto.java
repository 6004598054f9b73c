package dev.graft.graph.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The fields of one protocol buffer message, in the order of the file. Stricter than TensorFlow's
 * own reader, so that whatever is read here is read there, with the same result: a field that can
 * be there once is there once, and has the type that it should have.
 */
final class Proto {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED32 = 5;
  private static final int MAX_FIELD = (1 << 29) - 1;

  private final Cursor in;
  private final String message;
  private long seen;
  private int field;
  private int wireType;

  /**
   * A message.
   *
   * @param message its name, for messages to people
   */
  Proto(Cursor in, String message) {
    this.in = in;
    this.message = message;
  }

  /** Goes to the next field; its value must then be taken or skipped. */
  boolean next() {
    if (in.atEnd()) {
      return false;
    }
    long tag = in.varint();
    if (tag >>> 3 == 0 || tag >>> 3 > MAX_FIELD) {
      throw in.error(
          message + ": expected a field's number, found " + Long.toUnsignedString(tag >>> 3));
    }
    field = (int) (tag >>> 3);
    wireType = (int) tag & 7;
    return true;
  }

  int field() {
    return field;
  }

  /** An integer, which may be there only once. */
  long integer() {
    once();
    require(VARINT);
    return in.varint();
  }

  /** 32 bits, which may be there only once. */
  int bits32() {
    once();
    require(FIXED32);
    return in.fixed32();
  }

  /** A text or message, which may be there only once. */
  Cursor single() {
    once();
    return repeated();
  }

  /** A text or message, which may be there several times. */
  Cursor repeated() {
    require(LENGTH_DELIMITED);
    return in.part(in.varint());
  }

  /** A field that does not matter here. */
  void skip() {
    switch (wireType) {
      case VARINT -> in.varint();
      case FIXED64 -> in.skip(Long.BYTES);
      case LENGTH_DELIMITED -> in.skip(in.varint());
      case FIXED32 -> in.skip(Integer.BYTES);
      default -> throw in.error(message + ": field " + field + " has the type " + wireType);
    }
  }

  /** A text of at most {@code max} bytes. */
  static String text(Cursor field, int max) {
    if (field.remaining() > max) {
      throw field.error("a text of " + field.remaining() + " bytes, expected at most " + max);
    }
    long start = field.position();
    return utf8(field.take((int) field.remaining()), field, start);
  }

  /** Strict: C++ refuses messages with texts that are not UTF-8. */
  static String utf8(byte[] bytes, Cursor place, long start) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw place.error("the text at byte " + start + " is not UTF-8");
    }
  }

  private void require(int expected) {
    if (wireType != expected) {
      throw in.error(
          message
              + ": expected field "
              + field
              + " to have the type "
              + expected
              + ", found "
              + wireType);
    }
  }

  private void once() {
    if ((seen & 1L << field) != 0) {
      throw in.error(message + ": field " + field + " is there twice");
    }
    seen |= 1L << field;
  }
}
