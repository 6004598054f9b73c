package dev.graft.weights.safetensors;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.io.Bytes;
import dev.graft.weights.io.Printable;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;

/**
 * Pulls JSON values, one after the other, out of a run of bytes. Strict: no comments, no trailing
 * commas, no leading zeros, valid UTF-8. The caller knows what comes next and asks for it; what
 * nests deeper is an error, so that no text can exhaust the stack. Needs a buffer of 64 KiB however
 * long the text is. For one thread.
 */
final class JsonReader {
  private static final int BUFFER_BYTES = 1 << 16;

  private static final int MAX_NUMBER_LENGTH = 64;
  private static final int LONGEST_WORD = "false".length();

  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

  private final Bytes bytes;
  private final long end;
  private final String source;
  private final ByteBuffer buffer;
  private long bufferStart;

  /**
   * Reads the bytes [start, end).
   *
   * @param source what messages call the text
   */
  JsonReader(Bytes bytes, long start, long end, String source) {
    this.bytes = bytes;
    this.end = end;
    this.source = source;
    this.buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, end - start)).limit(0);
    this.bufferStart = start;
  }

  /** The offset of the next byte. */
  long position() {
    return bufferStart + buffer.position();
  }

  /** Takes the brace that an object begins with. */
  void beginObject() {
    expect('{');
  }

  /**
   * Takes what stands before the next key: a comma or nothing; or the object's closing brace.
   *
   * @param first whether no key has been read yet
   * @return whether there is another key
   */
  boolean hasNextKey(boolean first) {
    return hasNext(first, '}');
  }

  /** Takes the bracket that a list begins with. */
  void beginList() {
    expect('[');
  }

  /** As {@link #hasNextKey}, for a list's elements. */
  boolean hasNextElement(boolean first) {
    return hasNext(first, ']');
  }

  private boolean hasNext(boolean first, char close) {
    int next = peek();
    if (next == close) {
      take();
      return false;
    }
    if (!first) {
      expect(',');
      if (peek() == close) {
        throw error("a comma before '" + close + "'");
      }
    }
    return true;
  }

  /** A key, of at most so many bytes in UTF-8, and its colon. */
  String key(int maxBytes) {
    String key = string(maxBytes);
    expect(':');
    return key;
  }

  /** A string of at most so many bytes in UTF-8. */
  String string(int maxBytes) {
    peek();
    long start = position();
    JsonString string = text(maxBytes);
    if (string.isCut()) {
      throw new MalformedWeightsException(
          source
              + ": a string of more than "
              + maxBytes
              + " bytes at byte "
              + start
              + ": "
              + Printable.of(string.start()));
    }
    return string.start();
  }

  /** A string of any length, of which no more than so many bytes are kept. */
  JsonString text(int keptBytes) {
    expect('"');
    return JsonString.read(this, keptBytes);
  }

  /** A whole number from 0 to {@link Long#MAX_VALUE}. */
  long wholeNumber() {
    peek();
    long start = position();
    StringBuilder text = numberText();
    if (!isWhole(text)) {
      throw error(start, "the number " + checked(text) + ", expected a whole one, 0 or more");
    }
    try {
      return Long.parseLong(text, 0, text.length(), 10);
    } catch (NumberFormatException e) {
      throw error(start, "the number " + checked(text) + ", more than a long can hold");
    }
  }

  /** Shapes and offsets are most of a header: they take no regular expression. */
  private static boolean isWhole(StringBuilder text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isDigit(text.charAt(i))) {
        return false;
      }
    }
    return text.length() == 1 || (text.length() > 1 && text.charAt(0) != '0');
  }

  /** The text of any number, true, false or null. */
  String literal() {
    int next = peek();
    if (next == '-' || isDigit(next)) {
      return checked(numberText());
    }
    StringBuilder word = new StringBuilder();
    while (word.length() < LONGEST_WORD && next >= 'a' && next <= 'z') {
      word.append((char) take());
      next = peekRaw();
    }
    String text = word.toString();
    if (!text.equals("true") && !text.equals("false") && !text.equals("null")) {
      throw error("no JSON value" + (text.isEmpty() ? "" : ": " + Printable.of(text)));
    }
    return text;
  }

  private StringBuilder numberText() {
    StringBuilder text = new StringBuilder();
    for (int next = peekRaw(); isNumberPart(next); next = peekRaw()) {
      if (text.length() == MAX_NUMBER_LENGTH) {
        throw error("a number of more than " + MAX_NUMBER_LENGTH + " characters");
      }
      text.append((char) take());
    }
    return text;
  }

  /** A number's text, found to be one in JSON. */
  private String checked(StringBuilder text) {
    if (!NUMBER.matcher(text).matches()) {
      throw error(text.isEmpty() ? "no number" : "the number " + text + ", no JSON");
    }
    return text.toString();
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNumberPart(int c) {
    return isDigit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
  }

  private void expect(char wanted) {
    if (peek() != wanted) {
      throw error("no '" + wanted + "'");
    }
    take();
  }

  /** Whether nothing but white space is left. */
  boolean isAtEnd() {
    return peek() < 0;
  }

  /** The next byte that is not white space; -1 at the end. */
  int peek() {
    int next = peekRaw();
    while (next == ' ' || next == '\t' || next == '\n' || next == '\r') {
      take();
      next = peekRaw();
    }
    return next;
  }

  /** The next byte; -1 at the end. */
  private int peekRaw() {
    if (!buffer.hasRemaining() && !refill()) {
      return -1;
    }
    return buffer.get(buffer.position()) & 0xff;
  }

  /** Takes the next byte. */
  int take() {
    if (!buffer.hasRemaining() && !refill()) {
      throw error("the end of the JSON text");
    }
    return buffer.get() & 0xff;
  }

  private boolean refill() {
    bufferStart = position();
    int count = (int) Math.min(buffer.capacity(), end - bufferStart);
    bytes.read(bufferStart, buffer.clear().limit(count));
    buffer.flip();
    return count > 0;
  }

  /** The exception for what stands at the next byte. */
  MalformedWeightsException error(String problem) {
    return error(position(), problem);
  }

  private MalformedWeightsException error(long at, String problem) {
    return new MalformedWeightsException(source + ": broken JSON at byte " + at + ": " + problem);
  }
}
