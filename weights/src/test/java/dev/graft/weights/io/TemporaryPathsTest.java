package dev.graft.weights.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryPathsTest {
  @TempDir Path folder;

  /** Ends in the middle of writing two files, as a signal would end it. */
  public static final class EndsEarly {
    private EndsEarly() {}

    public static void main(String[] args) throws IOException {
      Path folder = Path.of(args[0]);
      AtomicOutput first = new AtomicOutput(folder.resolve("first"), bytes -> {});
      first.write(new byte[1 << 20]);
      AtomicOutput second = new AtomicOutput(folder.resolve("second"), bytes -> {});
      second.write(new byte[10]);
      second.commit();
      Path open = Files.createDirectories(folder.resolve("open/deep"));
      Files.writeString(open.resolve("file"), "x");
      TemporaryPaths.add(folder.resolve("open"));
      try (Stream<Path> files = Files.list(folder)) {
        System.out.print(files.count());
      }
      System.exit(143);
    }
  }

  @Test
  void whatIsUnfinishedGoesWithTheProcess() throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command =
        List.of(
            java.toString(),
            "-cp",
            System.getProperty("java.class.path"),
            EndsEarly.class.getName(),
            folder.toString());
    // Java itself may have something to say on its standard error.
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("3");
    assertThat(process.waitFor()).isEqualTo(143);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(Path::getFileName).map(Path::toString)).containsExactly("second");
    }
  }

  @Test
  void whatIsFinishedIsForgotten() {
    try (AtomicOutput out = new AtomicOutput(folder.resolve("file"), bytes -> {})) {
      assertThat(TemporaryPaths.anyIn(folder)).isTrue();
      out.commit();
      assertThat(TemporaryPaths.anyIn(folder)).isFalse();
    }
    AtomicOutput left = new AtomicOutput(folder.resolve("other"), bytes -> {});
    left.close();
    assertThat(TemporaryPaths.anyIn(folder)).isFalse();
  }
}
