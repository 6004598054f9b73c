package dev.graft.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Optional;

/**
 * Looks for floats whose exponent is all ones, in whole longs of one to eight of them: the exponent
 * bits are masked, and adding the exponent's lowest bit carries into the sign bit exactly for an
 * exponent of all ones, never into the neighbour. The sums are or-ed over a block, so that the loop
 * has no branch. Floats of 8 bits that have a single NaN and no infinity are found by its bits, the
 * blocks being a first sieve only.
 */
final class NonFiniteScan {
  private static final int BLOCK_LONGS = 1024;
  private static final int CHUNK_BYTES = 1 << 20;
  private static final long LOW_BITS = 0x7f7f_7f7f_7f7f_7f7fL;

  private final long exponents;
  private final long lowestBits;
  private final long signs;

  /** The only NaN in every byte; 0 where the exponent decides. */
  private final long onlyNan;

  private final int componentSize;
  private final int componentsPerElement;

  private NonFiniteScan(DType dtype, long exponent, long lowestBit) {
    this(dtype, exponent, lowestBit, 0);
  }

  private NonFiniteScan(DType dtype, long exponent, long lowestBit, long onlyNan) {
    this.componentSize = dtype.componentSize();
    this.componentsPerElement = dtype.byteSize() / componentSize;
    this.exponents = spread(exponent);
    this.lowestBits = spread(lowestBit);
    this.signs = spread(1L << (8 * componentSize - 1));
    this.onlyNan = spread(onlyNan);
  }

  /** The scan for a dtype; empty for one whose values are all finite. */
  static Optional<NonFiniteScan> of(DType dtype) {
    return switch (dtype) {
      case FLOAT8_E5M2 -> Optional.of(new NonFiniteScan(dtype, 0x7c, 0x04));
      case FLOAT8_E4M3FN -> Optional.of(new NonFiniteScan(dtype, 0x7f, 0x01));
      case FLOAT8_E8M0 -> Optional.of(new NonFiniteScan(dtype, 0x7f, 0x01, 0xff));
      case FLOAT8_E5M2FNUZ, FLOAT8_E4M3FNUZ ->
          Optional.of(new NonFiniteScan(dtype, 0x80, 0x00, 0x80));
      case FLOAT16 -> Optional.of(new NonFiniteScan(dtype, 0x7c00, 0x0400));
      case BFLOAT16 -> Optional.of(new NonFiniteScan(dtype, 0x7f80, 0x0080));
      case FLOAT32, COMPLEX64 -> Optional.of(new NonFiniteScan(dtype, 0x7f80_0000L, 0x0080_0000L));
      case FLOAT64, COMPLEX128 ->
          Optional.of(new NonFiniteScan(dtype, 0x7ff0_0000_0000_0000L, 0x0010_0000_0000_0000L));
      case BOOL, INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, UINT64 -> Optional.empty();
    };
  }

  private long spread(long lane) {
    long all = 0;
    for (int i = 0; i < Long.BYTES; i += componentSize) {
      all |= lane << (8 * i);
    }
    return all;
  }

  long first(WeightArray array) {
    ByteBuffer view = array.view().orElse(null);
    long at = view == null ? firstByReading(array) : firstComponent(view);
    return at < 0 ? -1 : at / componentsPerElement;
  }

  private long firstByReading(WeightArray array) {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    long size = array.byteSize();
    for (long at = 0; at < size; at += CHUNK_BYTES) {
      array.read(at, chunk.clear().limit((int) Math.min(CHUNK_BYTES, size - at)));
      long found = firstComponent(chunk.flip());
      if (found >= 0) {
        return at / componentSize + found;
      }
    }
    return -1;
  }

  private long firstComponent(ByteBuffer bytes) {
    LongBuffer longs = bytes.asLongBuffer();
    int count = longs.limit();
    int i = 0;
    for (; i + BLOCK_LONGS <= count; i += BLOCK_LONGS) {
      if (blockHasOne(longs, i)) {
        break;
      }
    }
    for (; i < count; i++) {
      long hit = hits(longs.get(i));
      if (hit != 0) {
        return component(i, hit);
      }
    }
    long tail = 0;
    for (int at = count * Long.BYTES; at < bytes.limit(); at++) {
      tail |= (bytes.get(at) & 0xffL) << (8 * (at - count * Long.BYTES));
    }
    long hit = hits(tail);
    return hit == 0 ? -1 : component(count, hit);
  }

  private long component(long longIndex, long hit) {
    return longIndex * (Long.BYTES / componentSize)
        + Long.numberOfTrailingZeros(hit) / (8 * componentSize);
  }

  private long hits(long value) {
    if (onlyNan != 0) {
      // A byte is zero exactly where neither its low bits carry nor its high bit is set.
      long zeroWhereNan = value ^ onlyNan;
      return ~(((zeroWhereNan & LOW_BITS) + LOW_BITS) | zeroWhereNan) & signs;
    }
    return ((value & exponents) + lowestBits) & signs;
  }

  private boolean blockHasOne(LongBuffer longs, int from) {
    long a = 0;
    long b = 0;
    long c = 0;
    long d = 0;
    long mask = exponents;
    long one = lowestBits;
    for (int i = from; i < from + BLOCK_LONGS; i += 4) {
      a |= (longs.get(i) & mask) + one;
      b |= (longs.get(i + 1) & mask) + one;
      c |= (longs.get(i + 2) & mask) + one;
      d |= (longs.get(i + 3) & mask) + one;
    }
    return ((a | b | c | d) & signs) != 0;
  }
}
