package dev.graft.bench.peers;

/** One implementation of the work of a contest, loaded and ready. One thread. */
interface Contestant extends AutoCloseable {
  /** Who it is, as results name it. */
  String name();

  /** Does the work: this is what is timed. */
  void run();

  /** What the last run gave, in an order that is the same for all contestants of a contest. */
  float[] result();

  /** How often one {@link #run} does the work; times are divided by it. */
  default int repetitions() {
    return 1;
  }

  @Override
  void close();
}
