package dev.graft.containers.hostile;

import dev.graft.containers.Reading;
import dev.graft.containers.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads hostile files in this JVM, which the test gives a small heap, and prints a line for each:
 * {@code ok} or {@code FAILED}, its name, what went wrong.
 */
public final class HostileMain {
  private static final long LIMIT_MILLIS = 10_000;

  private HostileMain() {}

  /**
   * Reads everything.
   *
   * @param args folders of files
   */
  public static void main(String[] args) throws IOException {
    for (String folder : args) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          read(file);
        }
      }
    }
    System.out.println("done");
  }

  private static void read(Path file) {
    String[] problem = {null};
    Thread thread = new Thread(() -> problem[0] = problem(file), "reader");
    thread.start();
    try {
      thread.join(LIMIT_MILLIS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (thread.isAlive()) {
      StringBuilder trace = new StringBuilder("takes more than ten seconds");
      for (StackTraceElement element : thread.getStackTrace()) {
        trace.append(" | ").append(element);
      }
      System.out.println("FAILED " + file.getFileName() + ": " + trace);
      Runtime.getRuntime().halt(1);
    }
    String name = file.getFileName().toString();
    System.out.println(problem[0] == null ? "ok " + name : "FAILED " + name + ": " + problem[0]);
  }

  /** What went wrong; null where nothing did. */
  private static String problem(Path file) {
    boolean mustBeRefused =
        file.getFileName().toString().startsWith(HostileCorpus.REFUSED)
            || file.getParent().endsWith(Resources.REFUSED);
    try {
      Optional<String> refusal = Reading.refusal(file);
      return mustBeRefused && refusal.isEmpty() ? "is read" : null;
    } catch (Throwable e) {
      StackTraceElement[] trace = e.getStackTrace();
      return e + (trace.length == 0 ? "" : " at " + trace[0]);
    }
  }
}
