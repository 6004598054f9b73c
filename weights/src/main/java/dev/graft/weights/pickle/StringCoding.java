package dev.graft.weights.pickle;

import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.SpilledBytes;
import java.io.IOException;

/** How a string stands in a pickle, and how it is decoded to bytes: one for each character. */
enum StringCoding {
  /** As it is: nothing to decode. */
  RAW(1) {
    @Override
    int decode(TextPiece piece) {
      throw new IllegalStateException("raw bytes are used in place");
    }
  },

  /** UTF-8; only characters up to U+00FF are bytes. */
  UTF8(2) {
    @Override
    int decode(TextPiece piece) throws BrokenTextException {
      return LatinText.decode(piece);
    }

    @Override
    boolean beginsCharacter(byte[] text, int at) {
      return (text[at] & 0xc0) != 0x80;
    }
  },

  /** Python 2's repr without the quotes: printable ASCII and backslash escapes. */
  ESCAPED(4) {
    @Override
    int decode(TextPiece piece) throws BrokenTextException {
      return EscapedText.decode(piece);
    }
  },

  /** Python's raw-unicode-escape: Latin-1, the rest as backslash-u escapes. */
  RAW_UNICODE(10) {
    @Override
    int decode(TextPiece piece) throws BrokenTextException {
      return RawUnicodeText.decode(piece);
    }
  };

  private final int longest;

  StringCoding(int longest) {
    this.longest = longest;
  }

  /** Most bytes of the file that one decoded byte can have. */
  int longest() {
    return longest;
  }

  /**
   * Decodes all whole characters of a piece.
   *
   * @return how many of its bytes they are; the rest, shorter than a character, is the beginning of
   *     one
   */
  abstract int decode(TextPiece piece) throws BrokenTextException;

  /**
   * Whether a character certainly begins at a place that has {@link #longest} bytes before it. With
   * escapes: where no backslash is near enough for its escape to reach beyond the place.
   */
  boolean beginsCharacter(byte[] text, int at) {
    for (int i = 1; i < longest; i++) {
      if (text[at - i] == '\\') {
        return false;
      }
    }
    return true;
  }

  /** How many bytes it decodes to. */
  long byteLength(MappedFile file, long start, long length) {
    long[] count = new long[1];
    try {
      decode(
          file,
          start,
          length,
          piece -> {
            count[0] += piece.remaining();
          });
    } catch (IOException e) {
      throw new IllegalStateException("counting does not fail", e);
    }
    return count[0];
  }

  /** Decodes {@code length} bytes of the file from {@code start} on, on several threads. */
  void decode(MappedFile file, long start, long length, SpilledBytes.Sink sink) throws IOException {
    new TextDecoding(this, file, start, length).run(sink);
  }
}
