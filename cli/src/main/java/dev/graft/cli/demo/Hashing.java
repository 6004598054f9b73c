package dev.graft.cli.demo;

/** Random numbers that belong to a place rather than to a turn in a sequence. */
final class Hashing {
  private Hashing() {}

  /** A thorough mix of all 64 bits (SplitMix64's finalizer). */
  static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** The mix of {@code value} as a number in [0, 1). */
  static double unit(long value) {
    return (mix(value) >>> 11) * 0x1p-53;
  }
}
