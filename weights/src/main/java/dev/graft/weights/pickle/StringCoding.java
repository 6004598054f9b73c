package dev.graft.weights.pickle;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.SpilledBytes;
import java.io.IOException;
import java.nio.ByteBuffer;

/** How a string stands in a pickle, and how it is decoded to bytes: one for each character. */
enum StringCoding {
  /** As it is. */
  RAW {
    @Override
    int next(Cursor in) throws IOException {
      return in.next();
    }
  },

  /** UTF-8; only characters up to U+00FF are bytes. */
  UTF8 {
    @Override
    int next(Cursor in) throws IOException {
      int first = in.next();
      if (first < 0x80) {
        return first;
      }
      if (first != 0xc2 && first != 0xc3) {
        throw in.malformed("is no byte encoded as Latin-1 text");
      }
      int second = in.next();
      if ((second & 0xc0) != 0x80) {
        throw in.malformed("is not UTF-8 text");
      }
      return ((first & 3) << 6) | (second & 0x3f);
    }

    /**
     * Counts the bytes that begin a character, eight at a time; whether they are valid shows later.
     */
    @Override
    long byteLength(MappedFile file, long start, long length) {
      Cursor in = new Cursor(file, start, length);
      long continuations = 0;
      while (in.hasNextLong()) {
        long eight = in.nextLong();
        continuations += Long.bitCount(eight & ~(eight << 1) & 0x8080_8080_8080_8080L);
      }
      while (in.hasNext()) {
        continuations += (in.next() & 0xc0) == 0x80 ? 1 : 0;
      }
      return length - continuations;
    }
  },

  /** Python 2's repr without the quotes: printable ASCII and backslash escapes. */
  ESCAPED {
    @Override
    int next(Cursor in) throws IOException {
      int c = in.next();
      if (c != '\\') {
        return c;
      }
      int escape = in.next();
      return switch (escape) {
        case 'x' -> in.hex(2);
        case 'n' -> '\n';
        case 'r' -> '\r';
        case 't' -> '\t';
        case '\\', '\'', '"' -> escape;
        default -> throw in.malformed("has an unknown escape");
      };
    }
  },

  /** Python's raw-unicode-escape: Latin-1, the rest as backslash-u escapes. */
  RAW_UNICODE {
    @Override
    int next(Cursor in) throws IOException {
      int c = in.next();
      if (c != '\\') {
        return c;
      }
      int digits =
          switch (in.next()) {
            case 'u' -> 4;
            case 'U' -> 8;
            default -> throw in.malformed("has an unknown escape");
          };
      int value = in.hex(digits);
      if (value < 0 || value > 0xff) {
        throw in.malformed("has a character beyond Latin-1");
      }
      return value;
    }
  };

  private static final int PIECE_BYTES = 1 << 16;

  /** The next byte. */
  abstract int next(Cursor in) throws IOException;

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

  /** Decodes {@code length} bytes of the file from {@code start} on. */
  void decode(MappedFile file, long start, long length, SpilledBytes.Sink sink) throws IOException {
    Cursor in = new Cursor(file, start, length);
    ByteBuffer piece = ByteBuffer.allocate(pieceBytes(length));
    while (in.hasNext()) {
      piece.put((byte) next(in));
      if (!piece.hasRemaining()) {
        sink.put(piece.flip());
        piece.clear();
      }
    }
    sink.put(piece.flip());
  }

  private static int pieceBytes(long length) {
    return (int) Math.min(PIECE_BYTES, length);
  }

  /** Reads a run of a file byte by byte. */
  static final class Cursor {
    private final MappedFile file;
    private final long end;
    private final ByteBuffer buffer;
    private long fetched;

    Cursor(MappedFile file, long start, long length) {
      this.file = file;
      this.fetched = start;
      this.end = start + length;
      this.buffer = ByteBuffer.allocate(pieceBytes(length)).flip();
    }

    boolean hasNext() {
      if (!buffer.hasRemaining() && fetched < end) {
        file.read(fetched, buffer.clear().limit((int) Math.min(buffer.capacity(), end - fetched)));
        fetched += buffer.flip().limit();
      }
      return buffer.hasRemaining();
    }

    int next() {
      if (!hasNext()) {
        throw malformed("ends inside an escape or a character");
      }
      return buffer.get() & 0xff;
    }

    boolean hasNextLong() {
      return hasNext() && buffer.remaining() >= Long.BYTES;
    }

    long nextLong() {
      return buffer.getLong();
    }

    int hex(int digits) {
      int value = 0;
      for (int i = 0; i < digits; i++) {
        int digit = Character.digit(next(), 16);
        if (digit < 0) {
          throw malformed("has an escape that is not hexadecimal");
        }
        value = value << 4 | digit;
      }
      return value;
    }

    MalformedWeightsException malformed(String problem) {
      return new MalformedWeightsException(
          file.source()
              + ": the string before byte "
              + (fetched - buffer.remaining())
              + " of the pickle "
              + problem);
    }
  }
}
