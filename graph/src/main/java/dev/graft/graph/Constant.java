package dev.graft.graph;

import dev.graft.weights.Shape;
import java.nio.file.Path;

/**
 * A frozen parameter: a file that holds nothing but its float32 values, little-endian, in C order.
 *
 * @param sha256 of the file's bytes, in hexadecimal
 */
public record Constant(String name, Shape shape, Path file, String sha256) {
  /** Bytes that the file must have. */
  long byteSize() {
    return shape.elementCount() * Float.BYTES;
  }
}
