package dev.graft.weights.hdf5;

import dev.graft.weights.MalformedWeightsException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Reads the fields of a block in their order; going beyond its end is a malformed file. */
final class Cursor {
  private final Metadata metadata;
  private final ByteBuffer bytes;
  private final long address;
  private final String what;

  /** A block from the buffer's position to its limit, of which byte 0 is at the address. */
  Cursor(Metadata metadata, ByteBuffer bytes, long address, String what) {
    this.metadata = metadata;
    this.bytes = bytes;
    this.address = address;
    this.what = what;
  }

  Metadata metadata() {
    return metadata;
  }

  /** The address of the next byte. */
  long address() {
    return address + bytes.position();
  }

  int remaining() {
    return bytes.remaining();
  }

  int u8() {
    need(1);
    return bytes.get() & 0xff;
  }

  int u16() {
    need(2);
    return bytes.getShort() & 0xffff;
  }

  long u32() {
    need(4);
    return bytes.getInt() & 0xffffffffL;
  }

  /** An unsigned integer of 1 to 8 bytes, as a long whose sign bit is its highest bit. */
  long uint(int size) {
    need(size);
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (bytes.get() & 0xffL) << (8 * i);
    }
    return value;
  }

  /** An address; {@link Metadata#UNDEFINED} where all its bits are set. */
  long offset() {
    return unsigned(metadata.offsetSize(), "address", true);
  }

  /** A length, at least 0. */
  long length() {
    return unsigned(metadata.lengthSize(), "length", false);
  }

  /** A length or dimension, at most {@link Long#MAX_VALUE}; all ones for "unlimited". */
  long limit() {
    return unsigned(metadata.lengthSize(), "dimension", true);
  }

  private long unsigned(int size, String kind, boolean undefinable) {
    long value = uint(size);
    if (undefinable && value == (size == 8 ? -1 : (1L << (8 * size)) - 1)) {
      return Metadata.UNDEFINED;
    }
    if (value < 0) {
      throw malformed(kind + " " + Long.toUnsignedString(value) + " is beyond any file");
    }
    return value;
  }

  void skip(long count) {
    need(count);
    bytes.position(bytes.position() + (int) count);
  }

  /** Skips to the next multiple of 8 counted from a position, or to the end. */
  void align8(int start) {
    int odd = (bytes.position() - start) & 7;
    skip(odd == 0 ? 0 : Math.min(8 - odd, remaining()));
  }

  int position() {
    return bytes.position();
  }

  /** The next bytes as a block of their own. */
  Cursor slice(long count, String name) {
    need(count);
    ByteBuffer part = bytes.slice(bytes.position(), (int) count).order(ByteOrder.LITTLE_ENDIAN);
    Cursor slice = new Cursor(metadata, part, address(), name);
    skip(count);
    return slice;
  }

  /** The bytes at an offset of this block, which does not move. */
  Cursor at(long offset, long count) {
    Cursor start =
        new Cursor(metadata, bytes.slice().order(ByteOrder.LITTLE_ENDIAN), address(), what);
    start.skip(offset);
    return start.slice(count, what);
  }

  byte[] bytes(long count) {
    need(count);
    byte[] copy = new byte[(int) count];
    bytes.get(copy);
    return copy;
  }

  /** The bytes up to a zero, which is skipped. */
  byte[] untilZero() {
    int end = bytes.position();
    while (end < bytes.limit() && bytes.get(end) != 0) {
      end++;
    }
    if (end == bytes.limit()) {
      throw malformed(what + " has a name without an end");
    }
    byte[] text = bytes(end - bytes.position());
    skip(1);
    return text;
  }

  /** Checks a structure's first four bytes and its version. */
  void begin(String signature, int version) {
    signature(signature);
    version(version, version);
  }

  /** Checks a structure's first four bytes. */
  void signature(String signature) {
    byte[] found = bytes(signature.length());
    String text = new String(found, StandardCharsets.ISO_8859_1);
    if (!text.equals(signature)) {
      throw metadata.malformed(
          address, what + " begins with " + hex(found) + ", expected \"" + signature + "\"");
    }
  }

  /** Reads a version and checks it. */
  int version(int lowest, int highest) {
    int version = u8();
    if (version < lowest || version > highest) {
      throw malformed(
          what
              + " of version "
              + version
              + ", expected "
              + lowest
              + (lowest == highest ? "" : " to " + highest));
    }
    return version;
  }

  /** Reads the checksum that follows and compares it with that of all bytes before it. */
  void checksum() {
    byte[] covered = new byte[bytes.position()];
    bytes.get(0, covered);
    int expected = Lookup3.hash(covered, covered.length);
    int found = (int) u32();
    if (found != expected) {
      throw malformed(String.format("%s has checksum %08x, expected %08x", what, found, expected));
    }
  }

  MalformedWeightsException malformed(String message) {
    return metadata.malformed(address(), message);
  }

  /** Text of a file, which has to be UTF-8. */
  String utf8(byte[] text) {
    return utf8(ByteBuffer.wrap(text));
  }

  /** Text of a file, which has to be UTF-8. */
  String utf8(ByteBuffer text) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      throw malformed(what + " has a text that is not UTF-8");
    }
  }

  private void need(long count) {
    if (count < 0 || count > bytes.remaining()) {
      throw malformed(
          what
              + " ends after "
              + bytes.remaining()
              + " more bytes, inside a field of "
              + Long.toUnsignedString(count));
    }
  }

  private static String hex(byte[] found) {
    return HexFormat.ofDelimiter(" ").formatHex(found);
  }
}
