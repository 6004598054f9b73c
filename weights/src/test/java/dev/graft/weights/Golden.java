package dev.graft.weights;

import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The files that numpy wrote, and what tests do with arrays. */
public final class Golden {
  private Golden() {}

  public static Path file(String name) {
    try {
      return Path.of(Golden.class.getResource("/golden/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All bytes of an array, in C order and little-endian. */
  public static byte[] bytes(WeightArray array) {
    ByteBuffer all = ByteBuffer.allocate((int) array.byteSize());
    array.read(0, all);
    return all.array();
  }
}
