package dev.graft.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchMainTest {
  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    return BenchMain.run(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        args);
  }

  private static String quick(Path log) {
    return "CallOverhead -p interOpThreads=-1 -f 0 -wi 0 -i 2 -r 20ms -v SILENT -o " + log;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  @Test
  void writesRawResultsAndASummaryIntoAFolder() throws IOException {
    Path log = Files.createTempFile("jmh", ".log");
    assertThat(run((quick(log) + " -rff " + folder).split(" ", -1))).isZero();
    assertThat(files()).hasSize(2);
    assertThat(files().get(0).toString()).endsWith(".json");
    assertThat(files().get(1).toString()).endsWith(".summary.md");
    assertThat(files().get(0)).content().contains("dev.graft.bench.CallOverhead.identity");
    assertThat(files().get(1))
        .content()
        .contains("- CPU: ", "- JDK: ", "- TensorFlow: 2.", "- git revision: ", "- date: 20")
        .containsPattern("\\| CallOverhead.identity \\| interOpThreads=-1 \\| [0-9.]+ \\|");
    assertThat(out.toString(StandardCharsets.UTF_8)).contains(files().get(1).toString());
    Files.delete(log);
  }

  @Test
  void theSummaryHasNoPercentilesAsRows() throws IOException {
    Path log = Files.createTempFile("jmh", ".log");
    assertThat(run((quick(log) + " -bm sample -prof gc -rff " + folder).split(" ", -1))).isZero();
    assertThat(files().get(1))
        .content()
        .contains("CallOverhead.identity gc.alloc.rate.norm")
        .doesNotContain("identity p0.");
    Files.delete(log);
  }

  @Test
  void writesTheFormatAndFileThatAreAskedFor() throws IOException {
    Path log = Files.createTempFile("jmh", ".log");
    Path raw = folder.resolve("new/mine.csv");
    assertThat(run((quick(log) + " -rf csv -rff " + raw).split(" ", -1))).isZero();
    assertThat(raw).content().startsWith("\"Benchmark\",");
    assertThat(folder.resolve("new/mine.summary.md")).exists();
    Files.delete(log);
  }

  @Test
  void wrongUsageIsToldInOneLine() {
    assertThat(run("-wi", "many")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("graft bench: ")
        .doesNotContain("\tat ");
  }

  @Test
  void benchmarksThatAreNotThereAreWrongUsage() {
    assertThat(run("NoSuchBenchmark", "-v", "SILENT", "-rff", folder + "/")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("graft bench: no benchmark matches");
  }

  @Test
  void listsWithoutRunning() throws IOException {
    assertThat(run("-l")).isZero();
    assertThat(files()).isEmpty();
  }
}
