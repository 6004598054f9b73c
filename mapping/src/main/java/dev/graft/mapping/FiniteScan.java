package dev.graft.mapping;

import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArrays;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Looks for NaN and infinity in float32 arrays. */
final class FiniteScan {
  private static final int CHUNK_BYTES = 1 << 20;

  private FiniteScan() {}

  /**
   * What was found.
   *
   * @param count how many elements are not finite
   * @param first the index of the first of them, in C order
   * @param value the first of them
   */
  record Found(long count, long first, float value) {}

  /** The non-finite elements of a float32 array; empty where all are finite. */
  static Optional<Found> scan(WeightArray array) {
    long first = WeightArrays.firstNonFinite(array);
    return first < 0 ? Optional.empty() : Optional.of(count(array, first));
  }

  /** The slow way, for an array in which there is something. */
  private static Found count(WeightArray array, long first) {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    long count = 0;
    float value = Float.NaN;
    for (long at = first * Float.BYTES; at < array.byteSize(); at += CHUNK_BYTES) {
      chunk.clear().limit((int) Math.min(CHUNK_BYTES, array.byteSize() - at));
      array.read(at, chunk);
      if (count == 0) {
        value = chunk.getFloat(0);
      }
      for (int i = 0; i < chunk.limit(); i += Float.BYTES) {
        count += Float.isFinite(chunk.getFloat(i)) ? 0 : 1;
      }
    }
    return new Found(count, first, value);
  }
}
