package dev.graft.containers.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.containers.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No hostile file brings down a JVM of 64 MiB heap: each is refused with a weights exception, or
 * read where it only looks evil, within ten seconds, and no file appears anywhere.
 */
class HostileTest {
  private static final int LIMIT_SECONDS = 300;

  /** Broken inputs that fuzzing found, and what other tools made. */
  private static final Path RESOURCES = Resources.folder("hostile");

  @TempDir Path folder;

  @Test
  void noFileDoesHarmInASmallHeap() throws IOException, InterruptedException {
    Path built = Files.createDirectory(folder.resolve("built"));
    new HostileCorpus(built).addAll();
    long count = count(built) + count(RESOURCES);
    Path work = Files.createDirectory(folder.resolve("work"));
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    Path log = folder.resolve("log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-Xss512k", "-Djava.io.tmpdir=" + temporary));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(HostileMain.class.getName(), built.toString(), RESOURCES.toString()));
    Process child =
        new ProcessBuilder(command)
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = child.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    child.destroyForcibly();

    List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
    assertThat(lines).noneMatch(line -> line.startsWith("FAILED"));
    assertThat(ended).isTrue();
    assertThat(child.exitValue()).as(String.join("\n", lines)).isZero();
    assertThat(lines.stream().filter(line -> line.startsWith("ok "))).hasSize((int) count);
    assertThat(count).isGreaterThan(150);
    assertThat(work).as("no file in the working folder").isEmptyDirectory();
    assertThat(temporary).as("no temporary file left").isEmptyDirectory();
    assertThat(Path.of("/tmp/graft-escaped")).doesNotExist();
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).count();
    }
  }
}
