package dev.graft.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What Jazzer calls with one input after another: a container of unknown content is opened and all
 * of its arrays are touched. Anything thrown is a finding.
 */
public final class FuzzTarget {
  private static Path folder;
  private static long count;

  private FuzzTarget() {}

  /** Called once, before all inputs. */
  public static void fuzzerInitialize() throws IOException {
    folder = MemoryDisk.newFolder();
    Runtime.getRuntime().addShutdownHook(new Thread(FuzzTarget::removeFolder));
  }

  /** Called for every input. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    // A new file each time: a mapped one must not be overwritten.
    Path file = folder.resolve("input" + count++);
    Files.write(file, input);
    try {
      Reading.refusal(file);
    } finally {
      Files.delete(file);
    }
  }

  private static void removeFolder() {
    try {
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
