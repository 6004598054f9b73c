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
   * @return how far each is from stock TensorFlow, or from the first where that does not take part,
   *     as a relative L2 error, by name
   * @throws IllegalStateException naming one that is further away than the tolerance
   */
  static Map<String, Double> check(String contest, List<Contestant> contestants) {
    Contestant reference =
        contestants.stream()
            .filter(contestant -> contestant.name().equals(Engine.STOCK.label()))
            .findFirst()
            .orElse(contestants.get(0));
    reference.run();
    float[] expected = reference.result();
    Map<String, Double> errors = new LinkedHashMap<>();
    for (Contestant contestant : contestants) {
      double error = 0;
      if (contestant != reference) {
        contestant.run();
        error = relativeError(expected, contestant.result());
      }
      errors.put(contestant.name(), error);
      // Not the other way round: NaN does not agree with anything.
      if (!(error <= TOLERANCE)) {
        throw new IllegalStateException(
            "%s: %s does not agree with %s: the relative L2 error is %.2e, above %.0e"
                .formatted(contest, contestant.name(), reference.name(), error, TOLERANCE));
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
