package dev.graft.weights.npy;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.Shape;
import dev.graft.weights.io.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Parses the Python dictionary of an .npy header; nothing but what numpy writes is accepted. */
final class NpyHeaderParser {
  /** numpy's own limit. */
  private static final int MAX_RANK = 64;

  private static final Pattern FIELD = Pattern.compile("\\(\\s*'([^']*)'");
  private static final int MAX_SHOWN_FIELDS = 8;

  private final String text;
  private final String source;
  private int at;
  private String descr;
  private Boolean fortran;
  private Shape shape;

  private NpyHeaderParser(String text, String source) {
    this.text = text;
    this.source = source;
  }

  static NpyHeader parse(String text, String source, long dataStart) {
    NpyHeaderParser parser = new NpyHeaderParser(text, source);
    parser.dictionary();
    return new NpyHeader(source, parser.descr, parser.fortran, parser.shape, dataStart);
  }

  private void dictionary() {
    if (!text.endsWith("\n")) {
      throw error("does not end with a newline");
    }
    expect('{');
    while (peek() != '}') {
      entry();
      if (peek() != '}') {
        expect(',');
      }
    }
    expect('}');
    skipSpace();
    if (at < text.length()) {
      throw error("has something after its dictionary");
    }
    requireKey("descr", descr);
    requireKey("fortran_order", fortran);
    requireKey("shape", shape);
  }

  private void requireKey(String key, Object value) {
    if (value == null) {
      throw error("has no key '" + key + "'");
    }
  }

  private void entry() {
    String key = string();
    expect(':');
    switch (key) {
      case "descr" -> {
        refuseSecond(key, descr);
        if (peek() == '[') {
          throw error(
              "has a structured dtype"
                  + fieldNames()
                  + ", which is not read: only numeric dtypes are");
        }
        descr = string();
      }
      case "fortran_order" -> {
        refuseSecond(key, fortran);
        fortran = bool();
      }
      case "shape" -> {
        refuseSecond(key, shape);
        shape = tuple();
      }
      default -> throw error("has the unknown key " + Printable.of(key));
    }
  }

  /** The fields of a structured dtype, those within fields too, for a message. */
  private String fieldNames() {
    List<String> names =
        FIELD
            .matcher(text)
            .region(at, text.length())
            .results()
            .limit(MAX_SHOWN_FIELDS)
            .map(field -> Printable.of(field.group(1)))
            .toList();
    return names.isEmpty() ? "" : " of the fields " + String.join(", ", names);
  }

  private void refuseSecond(String key, Object value) {
    if (value != null) {
      throw error("has the key '" + key + "' twice");
    }
  }

  private String string() {
    char quote = peek();
    if (quote != '\'' && quote != '"') {
      throw error("has no string where one is expected");
    }
    int end = text.indexOf(quote, at + 1);
    if (end < 0) {
      throw error("has a string without an end");
    }
    String value = text.substring(at + 1, end);
    if (value.indexOf('\\') >= 0) {
      throw error("has an escape in a string");
    }
    at = end + 1;
    return value;
  }

  private boolean bool() {
    skipSpace();
    if (text.startsWith("True", at)) {
      at += 4;
      return true;
    }
    if (text.startsWith("False", at)) {
      at += 5;
      return false;
    }
    throw error("has a fortran_order that is neither True nor False");
  }

  private Shape tuple() {
    expect('(');
    List<Long> dims = new ArrayList<>();
    boolean comma = false;
    while (peek() != ')') {
      if (!dims.isEmpty() && !comma) {
        throw error("has no comma between two dimensions");
      }
      dims.add(dimension());
      comma = peek() == ',';
      if (comma) {
        at++;
      }
    }
    expect(')');
    if (dims.size() == 1 && !comma) {
      throw error("has a shape that is no tuple");
    }
    if (dims.size() > MAX_RANK) {
      throw error("has a shape of " + dims.size() + " dimensions, expected at most " + MAX_RANK);
    }
    try {
      return Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
    } catch (ArithmeticException e) {
      throw error("has a shape of more elements than fit a long: " + dims);
    }
  }

  private long dimension() {
    skipSpace();
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    String digits = text.substring(start, at);
    if (digits.isEmpty()) {
      throw error("has a dimension that is no whole number of at least 0");
    }
    if (digits.length() > 1 && digits.charAt(0) == '0') {
      throw error("has a dimension with a leading zero");
    }
    // Python 2 wrote its long integers with this suffix.
    if (at < text.length() && text.charAt(at) == 'L') {
      at++;
    }
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw error("has a dimension that does not fit a long: " + Printable.of(digits));
    }
  }

  private void expect(char wanted) {
    if (peek() != wanted) {
      throw error("has no '" + wanted + "' where one is expected");
    }
    at++;
  }

  /** The next character that is not white space; 0 at the end. */
  private char peek() {
    skipSpace();
    return at < text.length() ? text.charAt(at) : 0;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private MalformedWeightsException error(String problem) {
    return new MalformedWeightsException(
        source
            + ": the npy header "
            + problem
            + ", at character "
            + at
            + " of "
            + Printable.of(text.stripTrailing()));
  }
}
