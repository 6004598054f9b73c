package dev.graft.weights.archive;

import dev.graft.weights.WeightsException;
import dev.graft.weights.io.FolderTree;
import dev.graft.weights.io.TemporaryPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder that goes when it is closed, or with the process at the latest. */
final class TemporaryFolder implements AutoCloseable {
  private final Path path;

  /**
   * Makes one that only this user can look into.
   *
   * @param forFile the file that is going to be extracted, for messages
   */
  TemporaryFolder(String forFile) {
    try {
      this.path = Files.createTempDirectory("graft-weights-");
    } catch (IOException e) {
      throw new WeightsException(
          forFile
              + ": cannot be extracted: no temporary folder in "
              + System.getProperty("java.io.tmpdir")
              + ": "
              + e.getMessage(),
          e);
    }
    TemporaryPaths.add(path);
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    try {
      FolderTree.delete(path);
      TemporaryPaths.done(path);
    } catch (IOException e) {
      // A system that keeps mapped files: it is tried again when the process ends.
      return;
    }
  }
}
