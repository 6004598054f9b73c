package dev.graft.weights.pickle;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.io.MappedFile;
import java.nio.ByteBuffer;

/** A piece of a text, its bytes in the file and what they decode to; used again and again. */
final class TextPiece {
  /** Decoders may read and write this many bytes beyond their ends. */
  static final int SLACK = 8;

  private final byte[] text;
  private final byte[] decoded;
  private long start;
  private int length;
  private boolean whole;
  private int consumed;
  private int count;
  private MalformedWeightsException failure;

  /** A piece of at most this many bytes in the file. */
  TextPiece(int capacity) {
    this.text = new byte[capacity + SLACK];
    this.decoded = new byte[capacity + SLACK];
  }

  /**
   * Lays it over a run of the file.
   *
   * @param endsWhole whether the run certainly ends where a character does
   */
  void place(long runStart, int runLength, boolean endsWhole) {
    start = runStart;
    length = runLength;
    whole = endsWhole;
  }

  byte[] text() {
    return text;
  }

  int length() {
    return length;
  }

  byte[] decoded() {
    return decoded;
  }

  /** Tells how many bytes {@link #decoded} has. */
  void setCount(int bytes) {
    count = bytes;
  }

  /** Fetches and decodes it; a failure is kept. */
  void decode(MappedFile file, StringCoding coding) {
    failure = null;
    file.read(start, ByteBuffer.wrap(text, 0, length));
    try {
      consumed = coding.decode(this);
      if (consumed < length && (whole || consumed == 0)) {
        throw new BrokenTextException("ends inside an escape or a character", consumed);
      }
    } catch (BrokenTextException e) {
      failure =
          new MalformedWeightsException(
              file.source()
                  + ": the string at byte "
                  + (start + e.at())
                  + " of the pickle "
                  + e.getMessage());
    }
  }

  /** Where the next piece begins: only whole characters are decoded. */
  long end() {
    if (failure != null) {
      throw failure;
    }
    return start + consumed;
  }

  /** The decoded bytes. */
  ByteBuffer bytes() {
    return ByteBuffer.wrap(decoded, 0, count);
  }
}
