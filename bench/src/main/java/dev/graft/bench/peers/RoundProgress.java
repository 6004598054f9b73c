package dev.graft.bench.peers;

import java.io.PrintStream;

/**
 * Says how far a contest has come, once it takes longer than two seconds: on a terminal in one line
 * that is drawn over and wiped at the end, else a line every ten seconds.
 */
final class RoundProgress {
  private static final long PATIENCE_NANOS = 2_000_000_000L;
  private static final long TERMINAL_NANOS = 200_000_000L;
  private static final long LINE_NANOS = 10_000_000_000L;

  private final PrintStream err;
  private final boolean terminal;
  private final String work;
  private final int rounds;
  private long nextAt = System.nanoTime() + PATIENCE_NANOS;
  private int drawn;

  /**
   * Of a contest.
   *
   * @param terminal whether a line on {@code err} may be drawn over
   */
  RoundProgress(PrintStream err, boolean terminal, String work, int rounds) {
    this.err = err;
    this.terminal = terminal;
    this.work = work;
    this.rounds = rounds;
  }

  /** So many rounds are done, warm-up included. */
  void done(int done) {
    long now = System.nanoTime();
    if (done >= rounds) {
      wipe();
    } else if (now - nextAt >= 0) {
      nextAt = now + (terminal ? TERMINAL_NANOS : LINE_NANOS);
      show("%s: round %d of %d".formatted(work, done, rounds));
    }
  }

  private void show(String line) {
    if (terminal) {
      err.print("\r" + line);
      err.flush();
      drawn = line.length();
    } else {
      err.println(line);
    }
  }

  private void wipe() {
    if (drawn > 0) {
      err.print("\r" + " ".repeat(drawn) + "\r");
      err.flush();
      drawn = 0;
    }
  }
}
