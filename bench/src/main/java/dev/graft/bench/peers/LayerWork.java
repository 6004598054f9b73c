package dev.graft.bench.peers;

/**
 * What a layer, or several in a row, has to do at least.
 *
 * @param flop floating-point operations of the direct convolution: two for each multiplication
 * @param bytes of its input, weights and output, each moved once
 */
record LayerWork(double flop, double bytes) {
  private static final double GIGA = 1e9;

  /** Operations of the direct convolution a second, in GFLOP/s, however it was computed. */
  double gflops(double seconds) {
    return flop / seconds / GIGA;
  }

  /**
   * The shortest time that a direct convolution could take, in seconds.
   *
   * @param peak of the arithmetic, in GFLOP/s
   * @param bandwidth of the memory, in GB/s
   */
  double rooflineSeconds(double peak, double bandwidth) {
    return Math.max(flop / (peak * GIGA), bytes / (bandwidth * GIGA));
  }
}
