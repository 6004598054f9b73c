package dev.graft.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/** The elements of an array from first to last, in pieces that fit a processor's cache. */
final class ArrayPieces {
  /** A multiple of every element's size. */
  static final int BYTES = 1 << 15;

  private final WeightArray array;
  private final ByteBuffer view;
  private final ByteBuffer copy;

  private ArrayPieces(WeightArray array) {
    this.array = array;
    this.view = array.view().orElse(null);
    this.copy = view == null ? ByteBuffer.allocate(BYTES) : null;
  }

  static ArrayPieces of(WeightArray array) {
    return new ArrayPieces(array);
  }

  /** Gives each piece, little-endian, from its position to its limit; valid until the next. */
  void forEach(Consumer<ByteBuffer> use) {
    long size = array.byteSize();
    for (long at = 0; at < size; at += BYTES) {
      use.accept(at(at, (int) Math.min(BYTES, size - at)));
    }
  }

  /** The bytes [offset, offset + count), at most {@link #BYTES}; valid until the next. */
  ByteBuffer at(long offset, int count) {
    if (view != null) {
      return view.slice((int) offset, count).order(ByteOrder.LITTLE_ENDIAN);
    }
    array.read(offset, copy.clear().limit(count));
    return copy.flip().order(ByteOrder.LITTLE_ENDIAN);
  }
}
