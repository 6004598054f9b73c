package dev.graft.weights;

/**
 * Conversions between floating point types on their bits: to the nearest value, ties to even;
 * beyond the largest value to infinity. A NaN keeps its sign and the leading bits of its payload
 * and becomes a quiet one, as processors do it.
 */
final class FloatBits {
  private static final int INFINITY = 0x7f80_0000;
  private static final int QUIET = 0x0040_0000;
  private static final int MAGNITUDE = 0x7fff_ffff;

  /** 2^16: everything from here on is infinite in float16. */
  private static final int HALF_OVERFLOW = 0x4780_0000;

  /** 2^-14, the smallest normal float16. */
  private static final int HALF_NORMAL = 0x3880_0000;

  /** The difference of the exponents' biases, 127 - 15, as it stands in a float32. */
  private static final int REBIAS = 112 << 23;

  private static final int ONE_HALF = 0x3f00_0000;
  private static final float HALF_SUBNORMAL_UNIT = 0x1p-24f;

  private FloatBits() {}

  /** The float32 of a float16; exact. */
  static int fromHalf(short half) {
    int sign = (half & 0x8000) << 16;
    int magnitude = half & 0x7fff;
    if (magnitude >= 0x7c00) {
      int payload = (magnitude & 0x3ff) << 13;
      return sign | INFINITY | (payload == 0 ? 0 : payload | QUIET);
    }
    if (magnitude < 0x0400) {
      return sign | Float.floatToRawIntBits(magnitude * HALF_SUBNORMAL_UNIT);
    }
    return sign | ((magnitude << 13) + REBIAS);
  }

  /** The float32 of a bfloat16; exact. */
  static int fromBfloat(short bfloat) {
    return quiet(bfloat << 16);
  }

  /** A float32 as it is, a NaN made quiet. */
  static int quiet(int bits) {
    return isNan(bits) ? bits | QUIET : bits;
  }

  /** The float16 nearest to a float32. */
  static short toHalf(int bits) {
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & MAGNITUDE;
    int half;
    if (magnitude >= HALF_OVERFLOW) {
      half = magnitude > INFINITY ? 0x7e00 | ((magnitude >>> 13) & 0x3ff) : 0x7c00;
    } else if (magnitude >= HALF_NORMAL) {
      half = (magnitude - REBIAS + 0xfff + ((magnitude >>> 13) & 1)) >>> 13;
    } else {
      // A float32 from 0.5 on is a multiple of 2^-24, the unit of float16's subnormals: the
      // addition rounds to it.
      half = Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) + 0.5f) - ONE_HALF;
    }
    return (short) (sign | half);
  }

  /** The bfloat16 nearest to a float32. */
  static short toBfloat(int bits) {
    if (isNan(bits)) {
      return (short) ((bits | QUIET) >>> 16);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  /** The float64 of a float32; exact. */
  static long toDouble(int bits) {
    if (isNan(bits)) {
      long sign = (long) (bits & ~MAGNITUDE) << 32;
      return sign | 0x7ff8_0000_0000_0000L | ((long) (bits & 0x7f_ffff) << 29);
    }
    return Double.doubleToRawLongBits(Float.intBitsToFloat(bits));
  }

  /** The float32 nearest to a float64. */
  static int fromDouble(long bits) {
    double value = Double.longBitsToDouble(bits);
    return Double.isNaN(value) ? nanFromDouble(bits) : Float.floatToRawIntBits((float) value);
  }

  /**
   * The float32 of a float64 rounded to odd: of the two around a value in between, the one whose
   * last bit is set. Rounding that once more to a narrower type gives what rounding the float64
   * itself would.
   */
  static int fromDoubleToOdd(long bits) {
    double value = Double.longBitsToDouble(bits);
    if (Double.isNaN(value)) {
      return nanFromDouble(bits);
    }
    float nearest = (float) value;
    int rounded = Float.floatToRawIntBits(nearest);
    if (nearest == value || (rounded & 1) == 1) {
      return rounded;
    }
    return Math.abs((double) nearest) > Math.abs(value) ? rounded - 1 : rounded + 1;
  }

  private static int nanFromDouble(long bits) {
    int sign = (int) (bits >>> 32) & ~MAGNITUDE;
    return sign | INFINITY | QUIET | ((int) (bits >>> 29) & 0x7f_ffff);
  }

  private static boolean isNan(int bits) {
    return (bits & MAGNITUDE) > INFINITY;
  }
}
