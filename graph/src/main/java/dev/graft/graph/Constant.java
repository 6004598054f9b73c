package dev.graft.graph;

import dev.graft.weights.Shape;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A frozen parameter: a file that holds nothing but its float32 values, little-endian, in C order.
 *
 * @param sha256 of the file's bytes, in hexadecimal
 * @param packed the same values in the form that own convolutions take, where there is such a file
 */
public record Constant(
    String name, Shape shape, Path file, String sha256, Optional<PackedKernel> packed) {
  /** One that is not packed. */
  public Constant(String name, Shape shape, Path file, String sha256) {
    this(name, shape, file, sha256, Optional.empty());
  }

  /** The same one with another file of the same bytes. */
  Constant in(Path other) {
    return new Constant(name, shape, other, sha256, packed);
  }

  Constant packedAs(Optional<PackedKernel> kernel) {
    return new Constant(name, shape, file, sha256, kernel);
  }

  /** Bytes that the file must have. */
  long byteSize() {
    return shape.elementCount() * Float.BYTES;
  }
}
