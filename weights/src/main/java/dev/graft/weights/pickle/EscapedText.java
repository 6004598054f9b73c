package dev.graft.weights.pickle;

/** Decodes Python 2's escapes. */
final class EscapedText {
  private EscapedText() {}

  /** See {@link StringCoding#decode(TextPiece)}. */
  static int decode(TextPiece piece) throws BrokenTextException {
    byte[] text = piece.text();
    byte[] out = piece.decoded();
    int end = piece.length();
    int at = 0;
    int to = 0;
    while (at < end) {
      byte c = text[at];
      if (c != '\\') {
        out[to++] = c;
        at++;
        continue;
      }
      if (at + 1 == end) {
        break;
      }
      if (text[at + 1] == 'x') {
        if (at + 4 > end) {
          break;
        }
        int value = Hex.pair(text, at + 2);
        if (value < 0) {
          throw new BrokenTextException("has an escape that is not hexadecimal", at);
        }
        out[to++] = (byte) value;
        at += 4;
      } else {
        out[to++] = simple(text[at + 1], at);
        at += 2;
      }
    }
    piece.setCount(to);
    return at;
  }

  private static byte simple(byte escape, int at) throws BrokenTextException {
    return switch (escape) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case '\\', '\'', '"' -> escape;
      default -> throw new BrokenTextException("has an unknown escape", at);
    };
  }
}
