package dev.graft.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.bench.BenchMain;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeersCommandTest {
  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("peers"));
    all.addAll(List.of(arguments));
    return BenchMain.run(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        all.toArray(String[]::new));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** Every case once, narrow, so that none can rot; each checks that its contestants agree. */
  @Test
  void everyCaseRunsAndItsContestantsAgree() throws IOException {
    String results = folder.resolve("new").toString();
    int code =
        run(
            "--size",
            "narrow",
            "--rounds",
            "1",
            "--warm-up",
            "0",
            "--pause",
            "0",
            "--out",
            results);
    assertThat(err()).isEmpty();
    assertThat(code).isZero();
    for (String name : List.of("vgg16-convs", "vgg16-convs-batch8", "vgg16-classifier", "fc8")) {
      assertThat(out())
          .contains("| " + name + " | tensorflow | ", "| " + name + " | onnxruntime |");
    }
    assertThat(out())
        .contains("| fcn8s | tensorflow |", "| train-step frozen | tensorflow |")
        .contains("| conv5_3+pool5 | tensorflow / onnxruntime |")
        .contains("- ONNX Runtime: 1.", "- threads: 2 for each contestant");
    try (Stream<Path> files = Files.list(folder.resolve("new"))) {
      assertThat(files.map(file -> file.getFileName().toString().replaceAll("^[-0-9T]+", "")))
          .containsExactlyInAnyOrder("peers.json", "peers.summary.md");
    }
  }

  @Test
  void onlyTheContestantsThatAreAskedForTakePart() {
    assertThat(
            run(
                "vgg16-convs",
                "--contestants",
                "onnxruntime",
                "--size",
                "narrow",
                "--rounds",
                "1",
                "--warm-up",
                "0",
                "--pause",
                "0",
                "--out",
                folder.toString()))
        .isZero();
    assertThat(out()).contains("| onnxruntime |").doesNotContain("| tensorflow |");
  }

  @Test
  void wrongUsageIsToldInOneLine() {
    assertThat(run("vgg17")).isEqualTo(2);
    assertThat(run("--contestants", "caffe")).isEqualTo(2);
    assertThat(run("--size", "wide")).isEqualTo(2);
    assertThat(run("--rounds", "0")).isEqualTo(2);
    assertThat(run("--rounds", "many")).isEqualTo(2);
    assertThat(err().lines())
        .hasSize(5)
        .allMatch(line -> line.startsWith("graft bench peers: "))
        .anyMatch(line -> line.contains("no case 'vgg17'; the cases are [vgg16-convs, "))
        .anyMatch(line -> line.contains("no contestant 'caffe'"));
  }

  @Test
  void helpHasExamples() {
    assertThat(run("--help")).isZero();
    assertThat(out()).contains("Usage: graft bench peers", "Examples:", "--contestants");
  }

  @Test
  void listsWithoutRunning() {
    assertThat(run("--list", "--out", folder.resolve("none").toString())).isZero();
    assertThat(out()).contains("vgg16-convs-512 ", "contestants: ", "onnxruntime");
    assertThat(folder.resolve("none")).doesNotExist();
  }
}
