package dev.graft.weights.safetensors;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A JSON string, or the start of one.
 *
 * @param start all of it where it is not cut
 * @param isCut whether more follows, which was passed over
 */
record JsonString(String start, boolean isCut) {
  private static final int CONTROLS_END = 0x20;

  /**
   * Reads from behind the opening quote to behind the closing one.
   *
   * @param keptBytes how many bytes of it, in UTF-8, are kept
   */
  static JsonString read(JsonReader in, int keptBytes) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    boolean cut = false;
    for (int next = in.take(); next != '"'; next = in.take()) {
      if (next < CONTROLS_END) {
        throw in.error("a control character in the string before it");
      }
      if (next == '\\') {
        byte[] utf8 = escape(in).getBytes(StandardCharsets.UTF_8);
        cut |= kept.size() + utf8.length > keptBytes;
        if (!cut) {
          kept.writeBytes(utf8);
        }
      } else {
        cut |= kept.size() == keptBytes;
        if (!cut) {
          kept.write(next);
        }
      }
    }
    byte[] utf8 = kept.toByteArray();
    return new JsonString(decode(in, utf8, cut ? wholeCharacters(utf8) : utf8.length), cut);
  }

  private static String escape(JsonReader in) {
    int code = in.take();
    return switch (code) {
      case '"', '\\', '/' -> String.valueOf((char) code);
      case 'b' -> "\b";
      case 'f' -> "\f";
      case 'n' -> "\n";
      case 'r' -> "\r";
      case 't' -> "\t";
      case 'u' -> unicode(in);
      default -> throw in.error("an unknown escape in the string before it");
    };
  }

  private static String unicode(JsonReader in) {
    char first = hex4(in);
    if (!Character.isSurrogate(first)) {
      return String.valueOf(first);
    }
    if (Character.isHighSurrogate(first) && in.take() == '\\' && in.take() == 'u') {
      char second = hex4(in);
      if (Character.isLowSurrogate(second)) {
        return String.valueOf(new char[] {first, second});
      }
    }
    throw in.error("half a surrogate pair in the string before it");
  }

  private static char hex4(JsonReader in) {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int c = in.take();
      // Character.digit takes the digits of every script.
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw in.error("an escape \\u without four hexadecimal digits before it");
      }
      value = value << 4 | digit;
    }
    return (char) value;
  }

  /** The bytes of whole characters: a cut may have gone through the last one. */
  private static int wholeCharacters(byte[] utf8) {
    int length = utf8.length;
    int lead = length - 1;
    while (lead >= 0 && lead > length - 4 && (utf8[lead] & 0xc0) == 0x80) {
      lead--;
    }
    if (lead < 0) {
      return length;
    }
    int first = utf8[lead] & 0xff;
    int wanted = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    return lead + wanted > length ? lead : length;
  }

  private static String decode(JsonReader in, byte[] utf8, int length) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(utf8, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw in.error("bytes that are not UTF-8 in the string before it");
    }
  }
}
