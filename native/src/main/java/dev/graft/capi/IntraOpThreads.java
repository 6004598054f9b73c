package dev.graft.capi;

import java.util.concurrent.atomic.AtomicInteger;

/** How many threads TensorFlow has for the inside of operations: the first session decides. */
final class IntraOpThreads {
  private static final int UNDECIDED = -1;
  private static final AtomicInteger DECIDED = new AtomicInteger(UNDECIDED);

  private IntraOpThreads() {}

  /** A session was made; one with a target makes no threads in this process. */
  static void sessionMade(SessionOptions options) {
    if (options.target().isEmpty()) {
      DECIDED.compareAndSet(UNDECIDED, options.intraOpThreads());
    }
  }

  static int count() {
    int decided = Math.max(0, DECIDED.get());
    return decided > 0
        ? decided
        : unset(System.getenv("TF_NUM_INTRAOP_THREADS"), Runtime.getRuntime());
  }

  /** What TensorFlow takes where the options leave it the choice. */
  private static int unset(String environment, Runtime runtime) {
    try {
      int threads = environment == null ? 0 : Integer.parseInt(environment.trim());
      return threads > 0 ? threads : runtime.availableProcessors();
    } catch (NumberFormatException e) {
      return runtime.availableProcessors();
    }
  }
}
