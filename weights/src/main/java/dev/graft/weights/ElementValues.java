package dev.graft.weights;

import java.nio.ByteBuffer;

/**
 * Elements as float64: exact, but for 64-bit integers beyond 2^53, which become the nearest one.
 * Complex elements are two values each. For one thread.
 */
final class ElementValues {
  private final DType dtype;
  private final double[] values;
  private final float[] floats;

  /** For pieces of this array. */
  ElementValues(WeightArray array) {
    this.dtype = array.dtype();
    int bytes = (int) Math.min(ArrayPieces.BYTES, array.byteSize());
    this.values = new double[bytes / dtype.componentSize()];
    this.floats = new float[dtype.componentSize() == Float.BYTES ? values.length : 0];
  }

  /** The values read last, as many as {@link #read} said. */
  double[] values() {
    return values;
  }

  /**
   * Converts the elements of a piece, from its position to its limit.
   *
   * @return how many values they are
   */
  int read(ByteBuffer piece) {
    int count = piece.remaining() / dtype.componentSize();
    int at = piece.position();
    switch (dtype) {
      case BOOL, UINT8 -> {
        for (int i = 0; i < count; i++) {
          values[i] = piece.get(at + i) & 0xff;
        }
      }
      case FLOAT8_E5M2, FLOAT8_E4M3FN, FLOAT8_E8M0, FLOAT8_E5M2FNUZ, FLOAT8_E4M3FNUZ -> {
        float[] table = Float8Values.of(dtype);
        for (int i = 0; i < count; i++) {
          values[i] = table[piece.get(at + i) & 0xff];
        }
      }
      case INT8 -> {
        for (int i = 0; i < count; i++) {
          values[i] = piece.get(at + i);
        }
      }
      case INT16 -> {
        for (int i = 0; i < count; i++) {
          values[i] = piece.getShort(at + 2 * i);
        }
      }
      case UINT16 -> {
        for (int i = 0; i < count; i++) {
          values[i] = piece.getShort(at + 2 * i) & 0xffff;
        }
      }
      case INT32 -> {
        for (int i = 0; i < count; i++) {
          values[i] = piece.getInt(at + 4 * i);
        }
      }
      case UINT32 -> {
        for (int i = 0; i < count; i++) {
          values[i] = piece.getInt(at + 4 * i) & 0xffff_ffffL;
        }
      }
      case INT64 -> {
        for (int i = 0; i < count; i++) {
          values[i] = piece.getLong(at + 8 * i);
        }
      }
      case UINT64 -> {
        for (int i = 0; i < count; i++) {
          values[i] = unsigned(piece.getLong(at + 8 * i));
        }
      }
      case FLOAT16 -> {
        for (int i = 0; i < count; i++) {
          values[i] = Float.intBitsToFloat(FloatBits.fromHalf(piece.getShort(at + 2 * i)));
        }
      }
      case BFLOAT16 -> {
        for (int i = 0; i < count; i++) {
          values[i] = Float.intBitsToFloat(FloatBits.fromBfloat(piece.getShort(at + 2 * i)));
        }
      }
      case FLOAT32, COMPLEX64 -> {
        piece.asFloatBuffer().get(floats, 0, count);
        for (int i = 0; i < count; i++) {
          values[i] = floats[i];
        }
      }
      case FLOAT64, COMPLEX128 -> piece.asDoubleBuffer().get(values, 0, count);
    }
    return count;
  }

  private static double unsigned(long value) {
    // The last bit is kept, so that halving does not change how the value is rounded.
    return value >= 0 ? value : 2.0 * ((value >>> 1) | (value & 1));
  }
}
