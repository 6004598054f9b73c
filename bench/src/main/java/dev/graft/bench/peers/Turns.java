package dev.graft.bench.peers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * How contestants take turns: A, B, C, A, B, C … in one process.
 *
 * @param warmUps rounds that are not timed
 * @param rounds that are
 * @param pauseMillis between turns, in ms. A thread of ONNX Runtime spins on after a run, in wait
 *     for the next: one core was seen busy for 35 to 45 ms, and whoever came next was slower.
 *     Spinning itself is left on, for ONNX Runtime is faster with it, and a pause between its own
 *     runs was not seen to cost it anything. TensorFlow's threads do not spin so long
 * @param cold whether the first run of a turn is timed, with the contestant's threads asleep and
 *     the others' data in the caches
 */
record Turns(int warmUps, int rounds, int pauseMillis, boolean cold) {
  private static final double NANOS_PER_MILLI = 1e6;

  /**
   * Runs all rounds.
   *
   * @param progress is told how many rounds are done, warm-up included
   * @return for each contestant its time in each round, in ms
   */
  Map<String, double[]> take(Contest contest, List<Contestant> contestants, IntConsumer progress) {
    Map<String, double[]> times = new LinkedHashMap<>();
    contestants.forEach(contestant -> times.put(contestant.name(), new double[rounds]));
    for (int round = -warmUps; round < rounds; round++) {
      for (Contestant contestant : contestants) {
        double millis = turn(contestant, cold ? 0 : contest.untimed());
        if (round >= 0) {
          times.get(contestant.name())[round] = millis;
        }
      }
      progress.accept(warmUps + round + 1);
    }
    return times;
  }

  private double turn(Contestant contestant, int untimed) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMillis));
    for (int i = 0; i < untimed; i++) {
      contestant.run();
    }
    long begin = System.nanoTime();
    contestant.run();
    long end = System.nanoTime();
    return (end - begin) / NANOS_PER_MILLI / contestant.repetitions();
  }
}
