package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.weights.ContainerWriter;
import dev.graft.weights.WeightWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "inspect", "check", "convert", "diff", "verify", "tables", "train", "eval", "predict",
        "demo", "doctor", "bench"
      })
  void everyCommandHasHelpWithExamples(String command) {
    Graft.Result result = Graft.run(command, "--help");
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("graft " + command, "Examples:", "--verbose");
    assertThat(result.err()).isEmpty();
    assertThat(Graft.run("--help").out()).contains("  " + command + " ");
  }

  @Test
  void helpHasNoColoursWhereThereIsNoTerminal() {
    assertThat(Graft.run("train", "--help").out()).doesNotContain("\u001b");
  }

  @Test
  void convertListsTheContainers() {
    List<String> help = Graft.run("convert", "--help").out().lines().toList();
    for (ContainerWriter container : WeightWriter.containers()) {
      assertThat(help)
          .anyMatch(
              line ->
                  line.startsWith("  " + container.name() + " ")
                      && line.endsWith(container.description()));
    }
  }

  @Test
  void trainNamesAllOptionsAndExitCodes() {
    assertThat(Graft.run("train", "--help").out())
        .contains(
            "--model",
            "--data",
            "--weights",
            "--map",
            "--exclude",
            "--init",
            "--freeze",
            "--classes",
            "--ignore-label",
            "--steps",
            "--batch",
            "--optimizer",
            "--learning-rate",
            "--weight-decay",
            "--dropout",
            "--crop",
            "--augment",
            "--no-shuffle",
            "--seed",
            "--eval-every",
            "--resume",
            "--stock-kernels",
            "--out",
            "130");
  }

  @Test
  void showsItsVersion() {
    Graft.Result result = Graft.run("--version");
    assertThat(result.code()).isZero();
    assertThat(result.out()).matches("graft [0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)?\\R");
  }

  @Test
  void benchSaysWhereTheBenchmarksAre() {
    Graft.Result result = Graft.run("bench", "-l");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("the benchmarks are not on the class path");
  }

  @Test
  void doctorFindsTensorFlowAndTheCache() {
    Graft.Result result = Graft.run("doctor");
    assertThat(result.out())
        .containsPattern("TensorFlow +2\\.")
        .containsPattern("kernels +(own|stock) \\(.+\\)")
        .contains("device:CPU:0", "constants cache", "graft-cache", "TF_ENABLE_ONEDNN_OPTS");
    assertThat(result.code()).as(result.out()).isZero();
  }
}
