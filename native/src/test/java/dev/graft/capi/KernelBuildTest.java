package dev.graft.capi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The binary among the resources is what the sources give, where its compiler is at hand. */
class KernelBuildTest {
  private static final Path SCRIPT = Path.of("kernels", "build.sh");
  private static final Path BINARY =
      Path.of("src/main/resources/dev/graft/capi/linux-x86_64/libgraft_kernels.so");
  private static final int LIMIT_SECONDS = 300;

  @TempDir private Path folder;

  @Test
  void theLibraryIsWhatTheSourcesGive() throws IOException, InterruptedException {
    assume(Files.exists(BINARY), "there is no library among the resources");
    assertThat(Files.size(BINARY)).isLessThan(1_000_000);
    assume(isThere("bash") && isThere("gcc"), "there is no bash or no gcc");
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder("bash", SCRIPT.toString(), "--check")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    String said = Files.readString(log).strip();
    assertThat(ended).as("the script ends: %s", said).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    assume(!said.startsWith("skipped"), said);
    assertThat(said).endsWith("the library among the resources is what the sources give");
  }

  private static boolean isThere(String program) throws InterruptedException {
    try {
      return new ProcessBuilder(program, "--version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static void assume(boolean condition, String reason) {
    if (!condition) {
      System.out.println("NOT RUN: the build of the library of operations: " + reason);
    }
    Assumptions.assumeTrue(condition, reason);
  }
}
