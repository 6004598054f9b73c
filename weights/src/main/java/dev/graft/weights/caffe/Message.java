package dev.graft.weights.caffe;

import dev.graft.weights.MalformedWeightsException;
import java.nio.ByteBuffer;

/**
 * Walks over the fields of one protobuf message, each checked against the message's end; their
 * content is left where it is.
 */
final class Message {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH = 2;
  static final int FIXED32 = 5;

  private static final int SCAN_BYTES = 1 << 16;

  private final Wire wire;
  private final long end;
  private final String what;
  private long position;
  private long fieldStart;
  private int field;
  private int wireType;
  private long value;
  private long start;
  private long length;

  /**
   * The fields from {@code start} to {@code end}.
   *
   * @param what how error messages call it, such as {@code layer}
   */
  Message(Wire wire, long start, long end, String what) {
    this.wire = wire;
    this.position = start;
    this.end = end;
    this.what = what;
  }

  /** Goes to the next field; false at the message's end. */
  boolean next() {
    if (position == end) {
      return false;
    }
    fieldStart = position;
    wire.countField(fieldStart);
    long tag = varint();
    if (tag >>> 3 == 0 || tag >>> 32 != 0) {
      throw malformed("the field number " + Long.toUnsignedString(tag >>> 3));
    }
    field = (int) (tag >>> 3);
    wireType = (int) (tag & 7);
    switch (wireType) {
      case VARINT -> {
        start = position;
        value = varint();
        length = position - start;
      }
      case FIXED64 -> take(Long.BYTES);
      case FIXED32 -> take(Integer.BYTES);
      case LENGTH -> take(varint());
      default -> throw malformed("the wire type " + wireType + ", which Caffe never writes");
    }
    return true;
  }

  /** The number of the field. */
  int field() {
    return field;
  }

  int wireType() {
    return wireType;
  }

  /** Where the field's content begins. */
  long start() {
    return start;
  }

  /** How many bytes the field's content has. */
  long length() {
    return length;
  }

  /** The value of a field that has to be a varint. */
  long number() {
    require(VARINT);
    return value;
  }

  /** The value of a field that has to be a short text. */
  String text(String name) {
    require(LENGTH);
    return wire.text(start, length, name);
  }

  /** The content of a field that has to be a message. */
  Message message(String name) {
    require(LENGTH);
    return wire.message(start, start + length, name);
  }

  /**
   * How many values stand here in a row, for a field of a fixed width that is repeated without
   * being packed: each has a tag of one byte before it. Goes to the last of them.
   */
  long takeRepeats() {
    int stride = 1 + (int) length;
    long count = 1;
    if (start - fieldStart != 1) {
      return count;
    }
    byte tag = wire.copy(fieldStart, 1).get();
    while (end - position >= stride) {
      int piece = (int) Math.min(SCAN_BYTES / stride, (end - position) / stride);
      ByteBuffer values = wire.copy(position, piece * stride);
      int same = 0;
      while (same < piece && values.get(same * stride) == tag) {
        same++;
      }
      count += same;
      position += (long) same * stride;
      if (same < piece) {
        break;
      }
    }
    return count;
  }

  /** A broken message; the error gives the place of the field. */
  MalformedWeightsException malformed(String problem) {
    return wire.malformed(problem + " in its " + what, fieldStart);
  }

  private void require(int type) {
    if (wireType != type) {
      throw malformed("field " + field + " of wire type " + wireType + ", expected " + type);
    }
  }

  private void take(long count) {
    if (count < 0 || count > end - position) {
      throw new MalformedWeightsException(
          wire.source()
              + ": truncated: its "
              + what
              + " ends at byte "
              + end
              + ", but field "
              + field
              + " has "
              + Long.toUnsignedString(count)
              + " bytes from byte "
              + position
              + " on");
    }
    start = position;
    length = count;
    position += count;
  }

  /** Whether there is anything before the message's end. */
  boolean hasMore() {
    return position < end;
  }

  /** The next number, of those that a packed field is made of. */
  long varint() {
    ByteBuffer bytes = wire.varint(position, end);
    long result = 0;
    for (int shift = 0; bytes.hasRemaining(); shift += 7) {
      byte next = bytes.get();
      result |= (next & 0x7fL) << shift;
      if (next >= 0) {
        position += bytes.position();
        return result;
      }
    }
    throw malformed(
        bytes.limit() < 10 ? "a number that is cut off" : "a number of more than 10 bytes");
  }
}
