package dev.graft.bench.peers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whether all contestants do the same work: times of wrong answers are worth nothing. */
final class Agreement {
  /** Float32 networks that are computed in another order agree ten times better than this. */
  static final double TOLERANCE = 1e-4;

  private Agreement() {}

  /**
   * Runs all contestants once.
   *
   * @return how far each is from the first, as a relative L2 error, by name
   * @throws IllegalStateException naming those that are further away than the tolerance
   */
  static Map<String, Double> check(String contest, List<Contestant> contestants) {
    Map<String, Double> errors = new LinkedHashMap<>();
    float[] reference = null;
    for (Contestant contestant : contestants) {
      contestant.run();
      float[] result = contestant.result();
      reference = reference == null ? result : reference;
      double error = relativeError(reference, result);
      errors.put(contestant.name(), error);
      // Not the other way round: NaN does not agree with anything.
      if (!(error <= TOLERANCE)) {
        throw new IllegalStateException(
            contest
                + ": "
                + contestant.name()
                + " does not agree with "
                + contestants.get(0).name()
                + ": the relative L2 error is "
                + error
                + ", above "
                + TOLERANCE);
      }
    }
    return errors;
  }

  /** The norm of the difference over that of the reference; NaN where the reference is 0. */
  static double relativeError(float[] reference, float[] actual) {
    if (reference.length != actual.length) {
      return Double.NaN;
    }
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < reference.length; i++) {
      double delta = (double) actual[i] - reference[i];
      difference += delta * delta;
      norm += (double) reference[i] * reference[i];
    }
    return Math.sqrt(difference / norm);
  }
}
