package dev.graft.bench.peers;

/**
 * What the machine can do at most with the threads that are measured; NaN where it was not said.
 *
 * @param gflops of fused multiply-add, in GFLOP/s
 * @param gigabytes read from memory, in GB/s
 */
record Roofline(double gflops, double gigabytes) {
  boolean isKnown() {
    return gflops > 0 && gigabytes > 0;
  }
}
