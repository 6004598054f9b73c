package dev.graft.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The shape that a table expects: dimensions that are fixed, or symbols whose value the weights
 * decide.
 */
record ShapePattern(List<Dim> dims) {
  private static final String SCALAR = "()";
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");
  private static final Pattern SYMBOL = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /**
   * One dimension.
   *
   * @param symbol its name; empty where it is fixed
   * @param size its fixed size; 0 where it is a symbol
   */
  record Dim(String symbol, long size) {
    boolean isFixed() {
      return symbol.isEmpty();
    }

    @Override
    public String toString() {
      return isFixed() ? Long.toString(size) : symbol;
    }
  }

  /** Parses {@code 3,3,3,c1_1}, or {@code ()} for a scalar. */
  static ShapePattern parse(String text) {
    if (text.equals(SCALAR)) {
      return new ShapePattern(List.of());
    }
    List<Dim> dims = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      if (NUMBER.matcher(part).matches()) {
        dims.add(new Dim("", Long.parseLong(part)));
      } else if (SYMBOL.matcher(part).matches()) {
        dims.add(new Dim(part, 0));
      } else {
        throw new IllegalArgumentException(
            "shape '%s' is not a list of positive numbers and symbols joined by commas, or %s; found '%s'"
                .formatted(text, SCALAR, part));
      }
    }
    return new ShapePattern(List.copyOf(dims));
  }

  int rank() {
    return dims.size();
  }

  /** {@code [3, 3, 3, c1_1]}, as shapes are shown. */
  @Override
  public String toString() {
    return dims.toString();
  }
}
