package dev.graft.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Prints how long each part of a command took, if the user wants to know. */
final class Stopwatch {
  private final PrintStream err;
  private final boolean wanted;
  private long lapAt = System.nanoTime();

  Stopwatch(PrintStream err, boolean wanted) {
    this.err = err;
    this.wanted = wanted;
  }

  /** The part since the last one has this name. */
  void lap(String name) {
    long now = System.nanoTime();
    print(name, (now - lapAt) / 1e9);
    lapAt = now;
  }

  /** All since the process was started. */
  void sinceStart(String name) {
    if (wanted) {
      ProcessHandle.current()
          .info()
          .startInstant()
          .ifPresent(start -> print(name, Duration.between(start, Instant.now()).toMillis() / 1e3));
    }
  }

  private void print(String name, double seconds) {
    if (wanted) {
      err.println(String.format(Locale.ROOT, "timing: %-34s %7.3f s", name, seconds));
    }
  }
}
