package dev.graft.graph;

import java.nio.file.Path;

/**
 * A file that holds nothing but a frozen 3×3 kernel in the form that own convolutions take.
 *
 * @param floats how many float32 it has
 */
public record PackedKernel(Path file, long floats) {
  /** Whether the file has the length that it must have: one that is shorter must not be mapped. */
  boolean isWhole() {
    return file.toFile().length() == floats * Float.BYTES;
  }
}
