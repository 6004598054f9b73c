package dev.graft.weights.pickle;

/** Decodes Python's raw-unicode-escape. */
final class RawUnicodeText {
  private static final long BACKSLASHES = '\\' * Words.ONES;

  private RawUnicodeText() {}

  /** See {@link StringCoding#decode(TextPiece)}. */
  static int decode(TextPiece piece) throws BrokenTextException {
    byte[] text = piece.text();
    byte[] out = piece.decoded();
    int end = piece.length();
    int at = 0;
    int to = 0;
    while (at < end) {
      // Bytes beyond the end are not counted, and overwritten or dropped later.
      long word = Words.get(text, at);
      Words.set(out, to, word);
      long backslashes = Words.equal(word, BACKSLASHES);
      int plain = Math.min(Long.numberOfTrailingZeros(backslashes) / Byte.SIZE, end - at);
      at += plain;
      to += plain;
      if (plain == Long.BYTES || at == end) {
        continue;
      }
      int length = escapeLength(text, at, end);
      if (at + length > end) {
        break;
      }
      out[to++] = value(text, at, length);
      at += length;
    }
    piece.setCount(to);
    return at;
  }

  private static int escapeLength(byte[] text, int at, int end) throws BrokenTextException {
    if (at + 1 == end) {
      return 2;
    }
    return switch (text[at + 1]) {
      case 'u' -> 6;
      case 'U' -> 10;
      default -> throw new BrokenTextException("has an unknown escape", at);
    };
  }

  private static byte value(byte[] text, int at, int length) throws BrokenTextException {
    int value = 0;
    for (int digit = 2; digit < length; digit += 2) {
      int pair = Hex.pair(text, at + digit);
      if (pair < 0) {
        throw new BrokenTextException("has an escape that is not hexadecimal", at);
      }
      if (value != 0) {
        throw new BrokenTextException("has a character beyond Latin-1", at);
      }
      value = pair;
    }
    return (byte) value;
  }
}
