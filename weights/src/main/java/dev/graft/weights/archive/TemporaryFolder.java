package dev.graft.weights.archive;

import dev.graft.weights.WeightsException;
import dev.graft.weights.folder.FolderTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A folder that goes when it is closed, or with the process at the latest. */
final class TemporaryFolder implements AutoCloseable {
  /** Those that are there now. */
  static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(TemporaryFolder::deleteAll));
  }

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
    OPEN.add(path);
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    delete(path);
    OPEN.remove(path);
  }

  private static void deleteAll() {
    OPEN.forEach(TemporaryFolder::delete);
  }

  private static void delete(Path folder) {
    try {
      FolderTree.delete(folder);
    } catch (IOException e) {
      // A system that keeps mapped files: what is left is the system's own to clean.
      return;
    }
  }
}
