package dev.graft.graph.checkpoint;

import java.util.Arrays;

/** Snappy's block format, which TensorFlow 1.1 compressed the index of checkpoints with. */
final class Snappy {
  private final Cursor in;
  private final byte[] out;
  private int produced;

  private Snappy(Cursor in, byte[] out) {
    this.in = in;
    this.out = out;
  }

  /**
   * Decompresses.
   *
   * @param max the most bytes that it may become
   */
  static byte[] decompress(Cursor in, int max) {
    long length = in.varint();
    if (length < 0 || length > max) {
      throw in.error(
          "a compressed block of "
              + Long.toUnsignedString(length)
              + " bytes, expected at most "
              + max);
    }
    // No element of two bytes or more makes more than 64 bytes.
    if (length > in.remaining() * 64) {
      throw in.error(in.remaining() + " bytes cannot hold a compressed block of " + length);
    }
    Snappy snappy = new Snappy(in, new byte[(int) length]);
    while (!in.atEnd()) {
      snappy.element();
    }
    if (snappy.produced != length) {
      throw in.error("decompressed to " + snappy.produced + " bytes, expected " + length);
    }
    return snappy.out;
  }

  private void element() {
    int tag = in.u8();
    int bits = tag >>> 2;
    switch (tag & 3) {
      case 0 -> literal(bits < 60 ? bits + 1L : littleEndian(bits - 59) + 1);
      case 1 -> copy(4 + (bits & 7), (long) (tag >>> 5) << 8 | in.u8());
      case 2 -> copy(bits + 1, littleEndian(2));
      default -> copy(bits + 1, littleEndian(4));
    }
  }

  private long littleEndian(int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) in.u8() << (8 * i);
    }
    return value;
  }

  private void literal(long length) {
    requireRoom(length);
    byte[] bytes = in.take((int) length);
    System.arraycopy(bytes, 0, out, produced, bytes.length);
    produced += bytes.length;
  }

  private void copy(int length, long distance) {
    requireRoom(length);
    if (distance == 0 || distance > produced) {
      throw in.error("a copy from " + distance + " bytes back, after " + produced + " bytes");
    }
    int from = produced - (int) distance;
    if (distance == 1) {
      Arrays.fill(out, produced, produced + length, out[from]);
    } else {
      // Byte by byte: a copy may overlap what it makes.
      for (int i = 0; i < length; i++) {
        out[produced + i] = out[from + i];
      }
    }
    produced += length;
  }

  private void requireRoom(long length) {
    if (length > out.length - produced) {
      throw in.error("decompresses to more than the expected " + out.length + " bytes");
    }
  }
}
