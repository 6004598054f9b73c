package dev.graft.bench.peers;

import java.util.Locale;

/** Figures for people. */
final class Numbers {
  private static final double MICROSECONDS_BELOW = 0.1;

  private Numbers() {}

  /** Three digits, as few after the point as they need. */
  static String digits(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return Double.toString(value);
    }
    int decimals = (int) Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /** A time, or a difference of times, in ms or, where it is short, in µs. */
  static String time(double millis) {
    return Math.abs(millis) < MICROSECONDS_BELOW
        ? digits(millis * 1000) + " µs"
        : digits(millis) + " ms";
  }

  /** A ratio. */
  static String ratio(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  /** A share in percent. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }
}
