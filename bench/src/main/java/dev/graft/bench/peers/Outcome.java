package dev.graft.bench.peers;

import java.util.Map;

/**
 * What a contest has shown.
 *
 * @param millis for each contestant the time of each round, in ms, in the order of the rounds
 * @param errors for each contestant what {@link Agreement#check} gave
 */
record Outcome(Contest contest, Map<String, double[]> millis, Map<String, Double> errors) {
  /** A contestant's median, in ms. */
  double median(String contestant) {
    return Spread.of(millis.get(contestant)).median();
  }
}
