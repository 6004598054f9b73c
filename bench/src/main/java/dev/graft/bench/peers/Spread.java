package dev.graft.bench.peers;

import java.util.Arrays;

/** How values lie: the quartiles, interpolated linearly between neighbours, and the ends. */
record Spread(double min, double lower, double median, double upper, double max) {
  /**
   * Of at least one value, in any order.
   *
   * @throws IllegalArgumentException for none
   */
  static Spread of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("there are no values");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Spread(
        sorted[0],
        quantile(sorted, 0.25),
        quantile(sorted, 0.5),
        quantile(sorted, 0.75),
        sorted[sorted.length - 1]);
  }

  /** Of the quotients of what belongs together. */
  static Spread ofRatios(double[] numerators, double[] denominators) {
    double[] ratios = new double[numerators.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = numerators[i] / denominators[i];
    }
    return of(ratios);
  }

  /** Of the differences of what belongs together. */
  static Spread ofDifferences(double[] minuends, double[] subtrahends) {
    double[] differences = new double[minuends.length];
    for (int i = 0; i < differences.length; i++) {
      differences[i] = minuends[i] - subtrahends[i];
    }
    return of(differences);
  }

  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
