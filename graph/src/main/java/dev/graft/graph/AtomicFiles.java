package dev.graft.graph;

import dev.graft.weights.io.AtomicOutput;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Small files that are replaced as a whole: a killed process leaves the old one or the new one. */
public final class AtomicFiles {
  private AtomicFiles() {}

  /**
   * Writes a text file under a temporary name, to the disk, and renames it.
   *
   * @throws java.io.UncheckedIOException naming the file
   */
  public static void write(Path file, String text) {
    try (AtomicOutput output = new AtomicOutput(file, bytes -> {})) {
      output.write(text.getBytes(StandardCharsets.UTF_8));
      output.commit();
    }
  }
}
