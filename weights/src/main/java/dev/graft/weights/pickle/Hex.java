package dev.graft.weights.pickle;

import java.util.Arrays;

/** Hexadecimal digits of escapes. */
final class Hex {
  /** Of each byte; what is no digit is negative. */
  private static final byte[] VALUES = new byte[256];

  static {
    Arrays.fill(VALUES, (byte) -1);
    for (int value = 0; value < 16; value++) {
      VALUES[Character.forDigit(value, 16)] = (byte) value;
      VALUES[Character.toUpperCase(Character.forDigit(value, 16))] = (byte) value;
    }
  }

  private Hex() {}

  /** The value of two digits; negative where one of them is none. */
  static int pair(byte[] text, int at) {
    return (VALUES[text[at] & 0xff] << 4) | VALUES[text[at + 1] & 0xff];
  }
}
