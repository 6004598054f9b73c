package dev.graft.weights.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Temporary files and folders of this process: those that are still there when it ends, by a signal
 * too, are removed then. Only a process that is killed leaves them. Safe for use by several
 * threads.
 */
public final class TemporaryPaths {
  /** A thread that is at work when the process ends may put something new into a folder. */
  private static final int ATTEMPTS = 3;

  private static final Set<Path> PRESENT = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> PRESENT.forEach(TemporaryPaths::delete)));
  }

  private TemporaryPaths() {}

  /** Has a path removed when the process ends. */
  public static void add(Path path) {
    PRESENT.add(path.toAbsolutePath());
  }

  /** A path that is removed, or has become what it was made for. */
  public static void done(Path path) {
    PRESENT.remove(path.toAbsolutePath());
  }

  /** Whether one of these paths is in a folder. */
  public static boolean anyIn(Path folder) {
    return PRESENT.stream().anyMatch(path -> path.startsWith(folder.toAbsolutePath()));
  }

  private static void delete(Path path) {
    for (int attempt = 0; attempt < ATTEMPTS && !isDeleted(path); attempt++) {}
  }

  private static boolean isDeleted(Path path) {
    try {
      FolderTree.delete(path);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
