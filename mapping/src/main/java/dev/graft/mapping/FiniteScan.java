package dev.graft.mapping;

import dev.graft.weights.WeightArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Looks for NaN and infinity in float32 arrays, at the speed of memory. */
final class FiniteScan {
  /** Bytes that one task takes. A multiple of {@link #STRIDE}. */
  private static final int CHUNK = 1 << 22;

  /** Bytes that the inner loop takes at once. */
  private static final int STRIDE = 64;

  /** The exponents of the two floats in a long. Not finite means all ones. */
  private static final long EXPONENTS = 0x7f80_0000_7f80_0000L;

  /** Added to an exponent of all ones, and to no other, it carries into the sign. */
  private static final long CARRY = 0x0080_0000_0080_0000L;

  private static final long SIGNS = 0x8000_0000_8000_0000L;

  private FiniteScan() {}

  /**
   * What was found.
   *
   * @param count how many elements are not finite
   * @param first the index of the first of them, in C order
   * @param value the first of them
   */
  record Found(long count, long first, float value) {
    private static Found earlier(Found a, Found b) {
      Found first = a.first < b.first ? a : b;
      return new Found(a.count + b.count, first.first, first.value);
    }
  }

  /** The non-finite elements of a float32 array; empty where all are finite. */
  static Optional<Found> scan(WeightArray array) {
    return array.view().map(FiniteScan::inPlace).orElseGet(() -> reading(array));
  }

  private static Optional<Found> inPlace(ByteBuffer view) {
    ByteBuffer bytes = view.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int from = bytes.position();
    int chunks = (int) (((long) bytes.remaining() + CHUNK - 1) / CHUNK);
    IntStream all = IntStream.range(0, chunks);
    return (chunks > 1 ? all.parallel() : all)
        .mapToObj(
            chunk -> {
              long start = (long) chunk * CHUNK;
              int length = (int) Math.min(CHUNK, bytes.remaining() - start);
              return chunk(bytes, (int) (from + start), length, start / Float.BYTES);
            })
        .flatMap(Optional::stream)
        .reduce(Found::earlier);
  }

  private static Optional<Found> reading(WeightArray array) {
    int capacity = (int) Math.min(CHUNK, array.byteSize());
    ByteBuffer buffer = ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
    Optional<Found> found = Optional.empty();
    for (long start = 0; start < array.byteSize(); start += CHUNK) {
      buffer.clear().limit((int) Math.min(CHUNK, array.byteSize() - start));
      array.read(start, buffer);
      Optional<Found> here = chunk(buffer, 0, buffer.limit(), start / Float.BYTES);
      found = Stream.of(found, here).flatMap(Optional::stream).reduce(Found::earlier);
    }
    return found;
  }

  private static Optional<Found> chunk(ByteBuffer bytes, int from, int length, long index) {
    int whole = length - length % STRIDE;
    boolean finite =
        allFinite(bytes, from, from + whole) && tailFinite(bytes, from + whole, from + length);
    return finite ? Optional.empty() : Optional.of(count(bytes, from, from + length, index));
  }

  private static boolean allFinite(ByteBuffer bytes, int from, int to) {
    long seen = 0;
    for (int at = from; at < to; at += STRIDE) {
      long a =
          ((bytes.getLong(at) & EXPONENTS) + CARRY) | ((bytes.getLong(at + 8) & EXPONENTS) + CARRY);
      long b =
          ((bytes.getLong(at + 16) & EXPONENTS) + CARRY)
              | ((bytes.getLong(at + 24) & EXPONENTS) + CARRY);
      long c =
          ((bytes.getLong(at + 32) & EXPONENTS) + CARRY)
              | ((bytes.getLong(at + 40) & EXPONENTS) + CARRY);
      long d =
          ((bytes.getLong(at + 48) & EXPONENTS) + CARRY)
              | ((bytes.getLong(at + 56) & EXPONENTS) + CARRY);
      seen |= (a | b) | (c | d);
    }
    return (seen & SIGNS) == 0;
  }

  private static boolean tailFinite(ByteBuffer bytes, int from, int to) {
    boolean finite = true;
    for (int at = from; at < to; at += Float.BYTES) {
      finite &= Float.isFinite(bytes.getFloat(at));
    }
    return finite;
  }

  /** The slow way, for chunks in which there is something. */
  private static Found count(ByteBuffer bytes, int from, int to, long index) {
    long count = 0;
    int first = to;
    for (int at = to - Float.BYTES; at >= from; at -= Float.BYTES) {
      if (!Float.isFinite(bytes.getFloat(at))) {
        count++;
        first = at;
      }
    }
    return new Found(count, index + (first - from) / Float.BYTES, bytes.getFloat(first));
  }
}
