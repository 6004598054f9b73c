package dev.graft.weights.io;

import dev.graft.weights.WeightArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;

/** An array's elements in pieces, for writing them out. For one thread. */
public final class OutputPieces {
  /** A multiple of every element's size. */
  private static final int PIECE_BYTES = 1 << 20;

  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(PIECE_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  /** Takes pieces. */
  public interface Sink {
    /** Takes all that remains in a direct buffer, which is used again after that. */
    void put(ByteBuffer piece) throws IOException;
  }

  /** Gives all elements in C order and little-endian. */
  public void forEach(WeightArray array, Sink sink) throws IOException {
    ByteBuffer view = array.view().orElse(null);
    long size = array.byteSize();
    for (long at = 0; at < size; at += PIECE_BYTES) {
      int count = (int) Math.min(PIECE_BYTES, size - at);
      if (view == null) {
        array.read(at, buffer.clear().limit(count));
        sink.put(buffer.flip());
      } else {
        sink.put(present(view.slice((int) at, count)));
      }
    }
  }

  /**
   * Pages that this process has not touched yet would make the kernel stop at each in the middle of
   * a write and begin anew: a quarter more time.
   */
  private static ByteBuffer present(ByteBuffer piece) {
    return piece instanceof MappedByteBuffer mapped ? mapped.load() : piece;
  }
}
