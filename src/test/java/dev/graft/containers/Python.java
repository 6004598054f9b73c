package dev.graft.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the round-trip script with a Python that has what it needs. */
final class Python {
  private static final List<String> INTERPRETERS = List.of("/usr/bin/python3", "python3");
  private static final Path SCRIPT = Path.of("..", "src", "test", "python", "roundtrip.py");
  private static final int MODULE_MISSING = 3;
  private static final int LIMIT_SECONDS = 120;

  private Python() {}

  /**
   * What the script prints. The test is aborted, with the reason as its message, where there is no
   * Python with the module that the script needs.
   */
  static List<String> roundTrip(Path folder, String... arguments)
      throws IOException, InterruptedException {
    List<String> reasons = new ArrayList<>();
    for (String interpreter : INTERPRETERS) {
      List<String> command = new ArrayList<>(List.of(interpreter, script()));
      command.addAll(List.of(arguments));
      Path log = folder.resolve("python.log");
      Process process;
      try {
        process =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
      } catch (IOException e) {
        reasons.add(interpreter + " is not installed");
        continue;
      }
      boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
      process.destroyForcibly();
      List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
      assertThat(ended).as("%s ends", command).isTrue();
      if (process.exitValue() == 0) {
        return lines;
      }
      if (process.exitValue() != MODULE_MISSING) {
        fail("%s: %s", command, String.join("\n", lines));
      }
      reasons.addAll(lines);
    }
    String reason = "NOT RUN: " + String.join(" ", arguments) + ": " + String.join("; ", reasons);
    System.out.println(reason);
    return abort(reason);
  }

  private static String script() {
    assertThat(SCRIPT).exists();
    return SCRIPT.toString();
  }
}
