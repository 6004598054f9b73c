package dev.graft.graph;

import dev.graft.weights.Shape;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A frozen parameter: a file that holds nothing but its float32 values, little-endian, in C order.
 *
 * @param sha256 of the file's bytes, in hexadecimal
 * @param packed the same values in the form that own convolutions take, where there is such a file
 * @param bfloat16 a file with the values rounded to bfloat16, where that was asked for
 */
public record Constant(
    String name,
    Shape shape,
    Path file,
    String sha256,
    Optional<PackedKernel> packed,
    Optional<Path> bfloat16) {
  /** One that is there in no other form. */
  public Constant(String name, Shape shape, Path file, String sha256) {
    this(name, shape, file, sha256, Optional.empty(), Optional.empty());
  }

  /** The same one with another file of the same bytes. */
  Constant in(Path other) {
    return new Constant(name, shape, other, sha256, packed, bfloat16);
  }

  Constant packedAs(Optional<PackedKernel> kernel) {
    return new Constant(name, shape, file, sha256, kernel, bfloat16);
  }

  Constant roundedIn(Path bfloat16File) {
    return new Constant(name, shape, file, sha256, packed, Optional.of(bfloat16File));
  }

  /** Bytes that the file must have. */
  long byteSize() {
    return shape.elementCount() * Float.BYTES;
  }

  /** Bytes that a file of the values as bfloat16 must have. */
  long bfloat16ByteSize() {
    return shape.elementCount() * Short.BYTES;
  }
}
