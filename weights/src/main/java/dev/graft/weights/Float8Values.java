package dev.graft.weights;

/** The values of the 8-bit floating point types, each of which float32 has too. */
final class Float8Values {
  private static final float[] E5M2 = table(2, 15);
  private static final float[] E4M3FN = table(3, 7);
  private static final float[] E8M0 = new float[256];
  private static final float[] E5M2FNUZ = table(2, 16);
  private static final float[] E4M3FNUZ = table(3, 8);

  static {
    for (int sign = 0; sign < 256; sign += 0x80) {
      E5M2[sign + 0x7c] = sign == 0 ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
      for (int fraction = 1; fraction < 4; fraction++) {
        E5M2[sign + 0x7c + fraction] = Float.NaN;
      }
      E4M3FN[sign + 0x7f] = Float.NaN;
    }
    E5M2FNUZ[0x80] = Float.NaN;
    E4M3FNUZ[0x80] = Float.NaN;
    for (int bits = 0; bits < 255; bits++) {
      E8M0[bits] = Math.scalb(1f, bits - 127);
    }
    E8M0[255] = Float.NaN;
  }

  private Float8Values() {}

  /** The values of a type by their bits, which nobody may change; null for a wider type. */
  static float[] of(DType dtype) {
    return switch (dtype) {
      case FLOAT8_E5M2 -> E5M2;
      case FLOAT8_E4M3FN -> E4M3FN;
      case FLOAT8_E8M0 -> E8M0;
      case FLOAT8_E5M2FNUZ -> E5M2FNUZ;
      case FLOAT8_E4M3FNUZ -> E4M3FNUZ;
      default -> null;
    };
  }

  /** Sign, exponent and fraction as in IEEE 754, as if all exponents were those of numbers. */
  private static float[] table(int fractionBits, int bias) {
    float[] values = new float[256];
    int one = 1 << fractionBits;
    for (int bits = 0; bits < 256; bits++) {
      int exponent = (bits & 0x7f) >> fractionBits;
      int fraction = bits & (one - 1);
      float magnitude =
          exponent == 0
              ? Math.scalb((float) fraction, 1 - bias - fractionBits)
              : Math.scalb((float) (one + fraction), exponent - bias - fractionBits);
      values[bits] = bits < 128 ? magnitude : -magnitude;
    }
    return values;
  }
}
