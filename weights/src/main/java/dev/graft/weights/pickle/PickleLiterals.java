package dev.graft.weights.pickle;

import dev.graft.weights.io.Printable;
import java.util.regex.Pattern;

/** Reads the numbers and strings that stand behind an opcode. */
final class PickleLiterals {
  /** Java's own parser would take hexadecimal numbers and suffixes too. */
  private static final Pattern DECIMAL = Pattern.compile("-?[0-9]+(\\.[0-9]*)?([eE][-+]?[0-9]+)?");

  private final PickleInput input;

  PickleLiterals(PickleInput input) {
    this.input = input;
  }

  /** Protocol 0's integer, or its way of writing false and true. */
  Object integerLine() {
    String line = input.shortLine();
    if (line.equals("00") || line.equals("01")) {
      return line.equals("01");
    }
    return integer(line);
  }

  Long longLine() {
    String line = input.shortLine();
    return integer(line.endsWith("L") ? line.substring(0, line.length() - 1) : line);
  }

  private Long integer(String digits) {
    try {
      return Long.valueOf(digits);
    } catch (NumberFormatException e) {
      throw input.malformed("the integer " + Printable.of(digits) + ", not one of 64 bits");
    }
  }

  Double floatLine() {
    String line = input.shortLine();
    return switch (line) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      case "nan" -> Double.NaN;
      default -> {
        if (!DECIMAL.matcher(line).matches()) {
          throw input.malformed("the number " + Printable.of(line));
        }
        yield Double.valueOf(line);
      }
    };
  }

  long nonNegative(int length) {
    if (length < 0) {
      throw input.malformed("a string of " + length + " bytes");
    }
    return length;
  }

  PickleString bytes(long length) {
    return new PickleString(input, input.skip(length), length, StringCoding.RAW, true);
  }

  PickleString text(long length) {
    return new PickleString(input, input.skip(length), length, StringCoding.UTF8, false);
  }

  PickleString line() {
    long start = input.position();
    return new PickleString(input, start, input.longLine(), StringCoding.RAW, true);
  }

  PickleString unicodeLine() {
    long start = input.position();
    return new PickleString(input, start, input.longLine(), StringCoding.RAW_UNICODE, false);
  }

  PickleString quotedString() {
    long start = input.position();
    long length = input.longLine();
    byte quote = length < 2 ? 0 : input.file().at(start);
    if ((quote != '\'' && quote != '"') || input.file().at(start + length - 1) != quote) {
      throw input.malformed("a string without its quotes");
    }
    return new PickleString(input, start + 1, length - 2, StringCoding.ESCAPED, true);
  }
}
