package dev.graft.weights.hdf5;

import dev.graft.weights.WeightsException;
import dev.graft.weights.io.BufferBytes;
import dev.graft.weights.io.Bytes;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.SmallMemory;
import dev.graft.weights.io.SpillFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Room for decoded bytes that come in any order: outside the heap if they are few, else in a
 * temporary file that is mapped and deleted at once. Filled with one pattern at the start.
 */
final class Spill {
  private static final int PIECE = 1 << 20;
  private static final int WINDOW_BITS = 30;

  private final ByteBuffer[] windows;
  private final Bytes bytes;

  private Spill(ByteBuffer[] windows, Bytes bytes) {
    this.windows = windows;
    this.bytes = bytes;
  }

  /**
   * Room for some bytes.
   *
   * @param fill repeated to fill the room; its length divides {@code 1 MiB} and the size
   * @param source what messages call the bytes
   */
  static Spill of(long size, byte[] fill, String source) {
    return SmallMemory.allocate(size)
        .map(memory -> inMemory(memory, fill))
        .orElseGet(() -> inFile(size, fill, source));
  }

  private static Spill inMemory(ByteBuffer memory, byte[] fill) {
    while (memory.hasRemaining()) {
      memory.put(fill);
    }
    return new Spill(new ByteBuffer[] {memory}, new BufferBytes(memory.flip()));
  }

  private static Spill inFile(long size, byte[] fill, String source) {
    try {
      return SpillFile.mapped(file -> inFile(file, size, fill));
    } catch (IOException e) {
      throw new WeightsException(
          source
              + ": cannot be decoded into a temporary file of "
              + size
              + " bytes in "
              + System.getProperty("java.io.tmpdir")
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static Spill inFile(Path file, long size, byte[] fill) throws IOException {
    ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
    while (piece.hasRemaining()) {
      piece.put(fill);
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      // Written, not only made long: a full disk is noticed here, not as a fault in mapped memory.
      for (long left = size; left > 0; ) {
        left -= channel.write(piece.clear().limit((int) Math.min(PIECE, left)));
      }
      long window = 1L << WINDOW_BITS;
      ByteBuffer[] windows = new ByteBuffer[Math.toIntExact((size + window - 1) >> WINDOW_BITS)];
      for (int i = 0; i < windows.length; i++) {
        long start = i * window;
        windows[i] = channel.map(MapMode.READ_WRITE, start, Math.min(window, size - start));
      }
      return new Spill(windows, MappedFile.open(file));
    }
  }

  /** Puts a run of bytes in its place. */
  void put(long position, byte[] source, int from, int count) {
    long at = position;
    int done = 0;
    while (done < count) {
      ByteBuffer window = windows[(int) (at >> WINDOW_BITS)];
      int start = (int) (at & ((1L << WINDOW_BITS) - 1));
      int part = Math.min(count - done, window.capacity() - start);
      window.put(start, source, from + done, part);
      done += part;
      at += part;
    }
  }

  /** All of them. */
  Bytes bytes() {
    return bytes;
  }
}
