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

  @TempDir Path folder;

  @Test
  void noFileDoesHarmInASmallHeap() throws IOException, InterruptedException {
    Path built = Files.createDirectory(folder.resolve("built"));
    new HostileCorpus(built).addAll();
    List<Path> folders = new ArrayList<>(Resources.refusedFolders());
    folders.addAll(List.of(Resources.folder("hostile"), built));
    Path work = Files.createDirectory(folder.resolve("work"));
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    Path log = folder.resolve("log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-Xss512k", "-Djava.io.tmpdir=" + temporary));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(HostileMain.class.getName());
    folders.forEach(input -> command.add(input.toString()));
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
    long count = lines.stream().filter(line -> line.startsWith("ok ")).count();
    assertThat(count).isEqualTo(count(folders)).isGreaterThan(300);
    assertThat(work).as("no file in the working folder").isEmptyDirectory();
    assertThat(temporary).as("no temporary file left").isEmptyDirectory();
    assertThat(Path.of("/tmp/graft-escaped")).doesNotExist();
  }

  private static long count(List<Path> folders) throws IOException {
    long count = 0;
    for (Path folder : folders) {
      try (Stream<Path> files = Files.walk(folder)) {
        count += files.filter(Files::isRegularFile).count();
      }
    }
    return count;
  }
}
