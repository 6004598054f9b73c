package dev.graft.weights.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.TestFiles;
import dev.graft.weights.io.MappedFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Texts of all lengths, cut into pieces wherever they may be. */
class StringCodingTest {

  @TempDir Path folder;

  private static String escaped(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte b : bytes) {
      switch (b) {
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case '\\', '\'' -> text.append('\\').append((char) b);
        default -> {
          if (b >= ' ' && b < 0x7f) {
            text.append((char) b);
          } else {
            text.append(String.format("\\x%02x", b));
          }
        }
      }
    }
    return text.toString();
  }

  private static String rawUnicode(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < bytes.length; i++) {
      char c = (char) (bytes[i] & 0xff);
      if (c == '\\' || c == '\n' || c == 0) {
        text.append(String.format(i % 2 == 0 ? "\\u%04x" : "\\U%08X", (int) c));
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static byte[] encode(StringCoding coding, byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return switch (coding) {
      case RAW -> bytes;
      case UTF8 -> text.getBytes(StandardCharsets.UTF_8);
      case ESCAPED -> TestFiles.latin1(escaped(bytes));
      case RAW_UNICODE -> TestFiles.latin1(rawUnicode(bytes));
    };
  }

  private byte[] decode(StringCoding coding, byte[] text) throws IOException {
    byte[] padded = new byte[text.length + 5];
    System.arraycopy(text, 0, padded, 3, text.length);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MappedFile file =
        MappedFile.open(TestFiles.write(folder, "f" + System.nanoTime(), padded))) {
      coding.decode(
          file,
          3,
          text.length,
          piece -> {
            byte[] bytes = new byte[piece.remaining()];
            piece.get(bytes);
            out.writeBytes(bytes);
          });
      assertThat(coding.byteLength(file, 3, text.length)).isEqualTo(out.size());
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @EnumSource(names = {"UTF8", "ESCAPED", "RAW_UNICODE"})
  void shortAndLongTexts(StringCoding coding) throws IOException {
    Random random = new Random(4);
    for (int length : new int[] {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 100, 1000, 1_000_000}) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      assertThat(decode(coding, encode(coding, bytes))).isEqualTo(bytes);
    }
    for (int length = 0; length < 40; length++) {
      byte[] bytes = new byte[length];
      for (int i = 0; i < length; i++) {
        bytes[i] = (byte) (random.nextInt(3) == 0 ? '\\' : random.nextInt(256));
      }
      assertThat(decode(coding, encode(coding, bytes))).isEqualTo(bytes);
    }
  }

  /** Where every place to cut at is within reach of a backslash. */
  @ParameterizedTest
  @EnumSource(names = {"UTF8", "ESCAPED", "RAW_UNICODE"})
  void uniformTexts(StringCoding coding) throws IOException {
    for (byte b : new byte[] {0, 'a', '\\', (byte) 0x80, (byte) 0xff}) {
      byte[] bytes = new byte[600_001];
      Arrays.fill(bytes, b);
      bytes[0] = 'x';
      assertThat(decode(coding, encode(coding, bytes))).isEqualTo(bytes);
    }
  }

  private void assertBroken(StringCoding coding, String broken, String problem) {
    for (int before : new int[] {0, 1, 7, 8, 300_000}) {
      for (String after : new String[] {"", "aaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
        byte[] text = TestFiles.latin1("a".repeat(before) + broken + after);
        boolean atEnd = problem.contains("inside") && !after.isEmpty();
        if (!atEnd) {
          assertThatThrownBy(() -> decode(coding, text))
              .isInstanceOf(MalformedWeightsException.class)
              .hasMessageContaining("the string at byte " + (3 + before) + " of the pickle ")
              .hasMessageContaining(problem);
        }
      }
    }
  }

  @Test
  void whatCannotBeDecoded() {
    assertBroken(StringCoding.UTF8, "\u0080", "is no byte encoded as Latin-1 text");
    assertBroken(StringCoding.UTF8, "\u00c4\u0080", "is no byte encoded as Latin-1 text");
    assertBroken(StringCoding.UTF8, "\u00c1\u0080", "is no byte encoded as Latin-1 text");
    assertBroken(StringCoding.UTF8, "\u00e2\u0082\u00ac", "is no byte encoded as Latin-1 text");
    assertBroken(StringCoding.UTF8, "\u00c3\u00c3\u0080", "is not UTF-8 text");
    assertBroken(StringCoding.UTF8, "\u00c3a", "is not UTF-8 text");
    assertBroken(StringCoding.UTF8, "\u00c3", "ends inside");
    assertBroken(StringCoding.ESCAPED, "\\q", "has an unknown escape");
    assertBroken(StringCoding.ESCAPED, "\\xg1", "has an escape that is not hexadecimal");
    assertBroken(StringCoding.ESCAPED, "\\x1g", "has an escape that is not hexadecimal");
    assertBroken(StringCoding.ESCAPED, "\\x1", "ends inside an escape");
    assertBroken(StringCoding.ESCAPED, "\\", "ends inside an escape");
    assertBroken(StringCoding.RAW_UNICODE, "\\x41", "has an unknown escape");
    assertBroken(StringCoding.RAW_UNICODE, "\\u00g1", "has an escape that is not hexadecimal");
    assertBroken(StringCoding.RAW_UNICODE, "\\u0141", "has a character beyond Latin-1");
    assertBroken(StringCoding.RAW_UNICODE, "\\U00010041", "has a character beyond Latin-1");
    assertBroken(StringCoding.RAW_UNICODE, "\\U80000041", "has a character beyond Latin-1");
    assertBroken(StringCoding.RAW_UNICODE, "\\u004", "ends inside an escape");
  }

  @Test
  void lines() {
    for (int length : new int[] {0, 1, 7, 31, 32, 33, 100, (1 << 24) - 1, 1 << 24, (1 << 24) + 5}) {
      byte[] line = new byte[length + 1];
      Arrays.fill(line, (byte) (length % 2 == 0 ? 0x0b : 0x8a));
      line[length] = '\n';
      try (MappedFile file = MappedFile.open(TestFiles.write(folder, "l" + length, line))) {
        assertThat(LineScan.newline(file, 0)).isEqualTo(length);
        assertThat(LineScan.newline(file, length)).isEqualTo(length);
        assertThat(LineScan.newline(file, length + 1)).isEqualTo(-1);
      }
    }
  }
}
