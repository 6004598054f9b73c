package dev.graft.graph.checkpoint;

import java.io.ByteArrayOutputStream;

/** Makes a small protocol buffer message; numbers that are 0 are left out, as they are by C++. */
final class ProtoBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** A number in groups of 7 bits, the lowest first. */
  static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while (rest >>> 7 != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  static void fixed32(ByteArrayOutputStream out, int value) {
    for (int shift = 0; shift < Integer.SIZE; shift += 8) {
      out.write(value >>> shift);
    }
  }

  ProtoBytes integer(int field, long value) {
    if (value != 0) {
      varint(out, (long) field << 3);
      varint(out, value);
    }
    return this;
  }

  ProtoBytes bits32(int field, int value) {
    if (value != 0) {
      varint(out, ((long) field << 3) | 5);
      fixed32(out, value);
    }
    return this;
  }

  ProtoBytes bytes(int field, byte[] value) {
    varint(out, ((long) field << 3) | 2);
    varint(out, value.length);
    out.writeBytes(value);
    return this;
  }

  byte[] toByteArray() {
    return out.toByteArray();
  }
}
