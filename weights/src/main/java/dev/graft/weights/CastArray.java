package dev.graft.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Set;

/** A floating point array as another floating point type, converted in pieces when it is read. */
final class CastArray implements WeightArray {
  private static final int PIECE = 4096;
  private static final Set<DType> FLOATS =
      EnumSet.of(DType.FLOAT16, DType.BFLOAT16, DType.FLOAT32, DType.FLOAT64);

  private final WeightArray base;
  private final DType dtype;

  CastArray(WeightArray base, DType dtype) {
    this.base = base;
    this.dtype = dtype;
  }

  /** Whether arrays of a type can be cast. */
  static boolean takes(DType dtype) {
    return gives(dtype) || Float8Values.of(dtype) != null;
  }

  /** Whether arrays can be cast to a type. */
  static boolean gives(DType dtype) {
    return FLOATS.contains(dtype);
  }

  @Override
  public DType dtype() {
    return dtype;
  }

  @Override
  public Shape shape() {
    return base.shape();
  }

  @Override
  public void read(long offset, ByteBuffer dst) {
    WeightArrays.checkRange(this, offset, dst.remaining());
    Pieces pieces = new Pieces();
    ByteBuffer out = dst.slice().order(ByteOrder.LITTLE_ENDIAN);
    long first = offset / dtype.byteSize();
    int count = dst.remaining() / dtype.byteSize();
    for (int done = 0; done < count; done += PIECE) {
      int piece = Math.min(PIECE, count - done);
      pieces.load(first + done, piece);
      pieces.store(out.slice(done * dtype.byteSize(), piece * dtype.byteSize()), piece);
    }
    dst.position(dst.limit());
  }

  /** The buffers of one read; what lies between the types is the bits of a float32. */
  private final class Pieces {
    private final ByteBuffer source =
        ByteBuffer.allocate(PIECE * base.dtype().byteSize()).order(ByteOrder.LITTLE_ENDIAN);
    private final int[] middle = new int[PIECE];
    private final short[] shorts = new short[PIECE];
    private final long[] longs = new long[PIECE];

    void load(long first, int count) {
      int size = base.dtype().byteSize();
      base.read(first * size, source.clear().limit(count * size));
      source.flip();
      switch (base.dtype()) {
        case FLOAT16 -> {
          source.asShortBuffer().get(shorts, 0, count);
          for (int i = 0; i < count; i++) {
            middle[i] = FloatBits.fromHalf(shorts[i]);
          }
        }
        case BFLOAT16 -> {
          source.asShortBuffer().get(shorts, 0, count);
          for (int i = 0; i < count; i++) {
            middle[i] = FloatBits.fromBfloat(shorts[i]);
          }
        }
        case FLOAT32 -> source.asIntBuffer().get(middle, 0, count);
        case FLOAT64 -> {
          source.asLongBuffer().get(longs, 0, count);
          boolean last = dtype == DType.FLOAT32;
          for (int i = 0; i < count; i++) {
            long bits = longs[i];
            middle[i] = last ? FloatBits.fromDouble(bits) : FloatBits.fromDoubleToOdd(bits);
          }
        }
        default -> {
          float[] table = Float8Values.of(base.dtype());
          for (int i = 0; i < count; i++) {
            middle[i] = Float.floatToIntBits(table[source.get(i) & 0xff]);
          }
        }
      }
    }

    void store(ByteBuffer out, int count) {
      out.order(ByteOrder.LITTLE_ENDIAN);
      switch (dtype) {
        case FLOAT16 -> {
          for (int i = 0; i < count; i++) {
            shorts[i] = FloatBits.toHalf(middle[i]);
          }
          out.asShortBuffer().put(shorts, 0, count);
        }
        case BFLOAT16 -> {
          for (int i = 0; i < count; i++) {
            shorts[i] = FloatBits.toBfloat(middle[i]);
          }
          out.asShortBuffer().put(shorts, 0, count);
        }
        case FLOAT32 -> out.asIntBuffer().put(middle, 0, count);
        default -> {
          for (int i = 0; i < count; i++) {
            longs[i] = FloatBits.toDouble(middle[i]);
          }
          out.asLongBuffer().put(longs, 0, count);
        }
      }
    }
  }
}
