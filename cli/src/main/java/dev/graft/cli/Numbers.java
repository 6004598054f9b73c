package dev.graft.cli;

import java.util.Locale;

/** Floating point numbers for people and for JSON. */
final class Numbers {
  private Numbers() {}

  /** Six significant digits; NaN as an empty text. */
  static String text(double value) {
    if (Double.isNaN(value)) {
      return "";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    double magnitude = Math.abs(value);
    if (value == 0 || (magnitude >= 1e-3 && magnitude < 1e6)) {
      String plain = String.format(Locale.ROOT, "%.6g", value);
      return plain.contains(".") ? plain.replaceAll("\\.?0+$", "") : plain;
    }
    return String.format(Locale.ROOT, "%.5e", value);
  }

  /** The number; null for NaN, a text for infinity, which JSON does not have. */
  static Object json(double value) {
    if (Double.isNaN(value)) {
      return null;
    }
    return Double.isInfinite(value) ? text(value) : (Object) value;
  }
}
