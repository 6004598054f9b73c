package dev.graft.weights.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A temporary file that is filled, mapped and deleted at once: its mapping keeps its bytes. */
public final class SpillFile {
  private SpillFile() {}

  /** Fills a file and gives what maps it. */
  public interface Filler<T> {
    /** Fills the empty file. */
    T fill(Path file) throws IOException;
  }

  /** Makes a file in the folder for temporary ones, has it filled, and deletes it. */
  public static <T> T mapped(Filler<T> filler) throws IOException {
    Path file = Files.createTempFile("graft-weights-", ".tmp");
    TemporaryPaths.add(file);
    try {
      return filler.fill(file);
    } finally {
      delete(file);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
      TemporaryPaths.done(file);
    } catch (IOException e) {
      // A system that keeps mapped files: it is tried again when the process ends.
      return;
    }
  }
}
