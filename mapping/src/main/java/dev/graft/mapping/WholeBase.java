package dev.graft.mapping;

import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightsException;
import dev.graft.weights.io.SpillFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The bytes of an array that has no view, for random access. A large one goes to a temporary file
 * that is mapped and deleted at once, so that neither the heap nor the limit on direct memory grows
 * with the weights.
 */
final class WholeBase {
  private static final int MAX_IN_MEMORY = 1 << 20;

  private WholeBase() {}

  /** All bytes of an array of less than 2 GiB, from 0 to the limit. */
  static ByteBuffer of(WeightArray array) {
    if (array.byteSize() <= MAX_IN_MEMORY) {
      ByteBuffer whole = ByteBuffer.allocateDirect((int) array.byteSize());
      array.read(0, whole);
      return whole.flip();
    }
    try {
      return SpillFile.mapped(file -> inFile(array, file));
    } catch (IOException e) {
      throw new WeightsException(
          "an array of shape %s cannot be put into a temporary file of %d bytes in %s: %s"
              .formatted(
                  array.shape(),
                  array.byteSize(),
                  System.getProperty("java.io.tmpdir"),
                  e.getMessage()),
          e);
    }
  }

  private static ByteBuffer inFile(WeightArray array, Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer piece = ByteBuffer.allocateDirect(MAX_IN_MEMORY);
      for (long at = 0; at < array.byteSize(); at += MAX_IN_MEMORY) {
        piece.clear().limit((int) Math.min(MAX_IN_MEMORY, array.byteSize() - at));
        array.read(at, piece);
        piece.flip();
        while (piece.hasRemaining()) {
          channel.write(piece);
        }
      }
      return channel.map(MapMode.READ_ONLY, 0, array.byteSize());
    }
  }
}
