package dev.graft.graph;

/**
 * Rounding of weights from float32 to bfloat16, its upper half: to the nearest value, of two
 * equally near ones to that whose last bit is 0. A finite weight stays finite: beyond the largest
 * bfloat16, 3.39e38, it becomes that one, since an infinite weight makes NaN of the zeros that ReLU
 * gives. Infinity stays, NaN stays NaN.
 */
final class Bfloat16 {
  private static final int MAGNITUDE = 0x7fff_ffff;
  private static final int INFINITY = 0x7f80_0000;
  private static final int QUIET = 0x0040_0000;
  private static final int BELOW_HALF = 0x7fff;

  private Bfloat16() {}

  /**
   * The bits of the bfloat16 nearest to a float32.
   *
   * @param bits of the float32
   */
  static short round(int bits) {
    int magnitude = bits & MAGNITUDE;
    if (magnitude > INFINITY) {
      // Without a bit that is sure to stay, a NaN could become infinity.
      return (short) ((bits | QUIET) >>> Short.SIZE);
    }
    int lastBit = bits >>> Short.SIZE & 1;
    int rounded = (bits + BELOW_HALF + lastBit) >>> Short.SIZE;
    boolean overflows = magnitude < INFINITY && rounded << Short.SIZE << 1 == INFINITY << 1;
    return (short) (overflows ? rounded - 1 : rounded);
  }
}
