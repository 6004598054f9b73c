package dev.graft.weights.pickle;

/** Decodes UTF-8 whose characters are all below U+0100: at most two bytes each. */
final class LatinText {
  private static final int LEAD_MIN = 0xc2;
  private static final int LEAD_MAX = 0xc3;

  private LatinText() {}

  /** See {@link StringCoding#decode(TextPiece)}. */
  static int decode(TextPiece piece) throws BrokenTextException {
    byte[] text = piece.text();
    byte[] out = piece.decoded();
    int end = piece.length();
    int at = 0;
    int to = 0;
    // Of the byte before: its high bit where it is a lead, and where it is 0xc3.
    long leadBefore = 0;
    long highLeadBefore = 0;
    while (at + Long.BYTES <= end) {
      long word = Words.get(text, at);
      long lead = word & (word << 1) & Words.HIGH;
      long continuation = word & ~(word << 1) & Words.HIGH;
      long afterLead = (lead << 8) | leadBefore;
      // A lead is 0xc2 or 0xc3, and what follows it, and only that, is a continuation.
      long wrongLead = (word << 2) | (word << 3) | (word << 4) | (word << 5) | ~(word << 6);
      if (((continuation ^ afterLead) | (lead & wrongLead)) != 0) {
        break;
      }
      long highLead = lead & (word << 7);
      long value = word | (((highLead << 8) | highLeadBefore) >>> 1);
      Words.set(out, to, dropped(value, lead));
      to += Long.BYTES - Long.bitCount(lead);
      at += Long.BYTES;
      leadBefore = lead >>> 56;
      highLeadBefore = highLead >>> 56;
    }
    // A lead whose continuation has not come yet is decoded below.
    at -= (int) (leadBefore >>> 7);
    return rest(piece, at, to);
  }

  /** A word without its leads, the bytes after each moved down. */
  private static long dropped(long word, long lead) {
    long drop = lead >>> 7;
    long keep = ~((drop << 8) - drop);
    // How many leads come before each byte, in the byte: at most 4, so three bits.
    long shift = (drop * Words.ONES) & keep;
    long value = word & keep;
    for (int bit = 0; bit < 3; bit++) {
      long moving = (shift >>> bit) & Words.ONES;
      long mask = (moving << 8) - moving;
      long movedValue = value & mask;
      long movedShift = shift & mask;
      int distance = 8 << bit;
      value = (value ^ movedValue) | (movedValue >>> distance);
      shift = (shift ^ movedShift) | (movedShift >>> distance);
    }
    return value;
  }

  /** The last bytes, and those around a mistake, one at a time. */
  private static int rest(TextPiece piece, int from, int decoded) throws BrokenTextException {
    byte[] text = piece.text();
    byte[] out = piece.decoded();
    int at = from;
    int to = decoded;
    while (at < piece.length()) {
      int first = text[at] & 0xff;
      if (first < 0x80) {
        out[to++] = (byte) first;
        at++;
        continue;
      }
      if (first < LEAD_MIN || first > LEAD_MAX) {
        throw new BrokenTextException("is no byte encoded as Latin-1 text", at);
      }
      if (at + 1 == piece.length()) {
        break;
      }
      int second = text[at + 1] & 0xff;
      if ((second & 0xc0) != 0x80) {
        throw new BrokenTextException("is not UTF-8 text", at);
      }
      out[to++] = (byte) (((first & 3) << 6) | (second & 0x3f));
      at += 2;
    }
    piece.setCount(to);
    return at;
  }
}
