package dev.graft.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** Temporary folders in memory where the system has a disk there, for tests of a thousand files. */
public final class MemoryDisk implements TempDirFactory {
  private static final Path LINUX = Path.of("/dev/shm");

  /** A new folder, which the caller deletes. */
  static Path newFolder() throws IOException {
    String prefix = "graft-test-";
    return Files.isWritable(LINUX)
        ? Files.createTempDirectory(LINUX, prefix)
        : Files.createTempDirectory(prefix);
  }

  @Override
  public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
      throws IOException {
    return newFolder();
  }
}
