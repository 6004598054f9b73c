package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.image.Images;
import dev.graft.cli.image.MaskImages;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference's five training steps, through {@code graft train} and {@code graft convert}. */
class GoldenTrainingTest {
  private static final double PARAMETERS = 1e-4;

  @TempDir private Path folder;

  static Stream<Arguments> trajectories() throws IOException {
    JsonNode facts = new ObjectMapper().readTree(Graft.golden("facts.json").toFile());
    return StreamSupport.stream(facts.get("training").spliterator(), false)
        .map(
            node ->
                Arguments.of(node.get("optimizer").asText(), node.get("frozen").asText(), node));
  }

  @ParameterizedTest(name = "{0}, frozen: {1}")
  @MethodSource("trajectories")
  void fiveStepsAreTheReferences(String optimizer, String frozen, JsonNode facts)
      throws IOException {
    Path data = data();
    Path run = folder.resolve("run");
    List<Object> command = new ArrayList<>();
    command.addAll(List.of("train", "--model", "fcn8s", "--data", data, "--steps", 5));
    command.addAll(List.of("--weights", Graft.golden("slim_py3.npy"), "--map", "slim-vgg16"));
    command.addAll(List.of("--weights", Graft.golden("head.npz"), "--exclude", "vgg16/fc8"));
    command.addAll(List.of("--optimizer", optimizer, "--batch", 1, "--dropout", 0));
    command.addAll(List.of("--learning-rate", facts.get("learning_rate").asText()));
    command.addAll(List.of("--weight-decay", facts.get("weight_decay_on_kernels").asText()));
    command.addAll(List.of("--augment", "none", "--no-shuffle", "--out", run));
    switch (frozen) {
      case "conv1-conv3" ->
          command.addAll(List.of("--freeze", "vgg16/conv1,vgg16/conv2,vgg16/conv3"));
      case "vgg16" -> command.addAll(List.of("--freeze", "vgg16"));
      default -> assertThat(frozen).isEqualTo("none");
    }
    Graft.Result result = Graft.run(command.toArray());
    assertThat(result.code()).as(result.err()).isZero();

    List<String> lines = Files.readAllLines(run.resolve("metrics.jsonl"));
    assertThat(lines).hasSize(5);
    for (int i = 0; i < 5; i++) {
      double loss = new ObjectMapper().readTree(lines.get(i)).get("data_loss").asDouble();
      double expected = facts.get("data_loss_before_each_step").get(i).asDouble();
      assertThat(loss).isCloseTo(expected, within(5e-5));
    }
    Path npz = folder.resolve("after.npz");
    assertThat(Graft.run("convert", run, npz).code()).isZero();
    Map<String, float[]> values = Graft.values(npz);
    JsonNode norms = facts.get("param_l2_after");
    assertThat(values).hasSize(norms.size());
    values.forEach(
        (name, value) -> {
          double expected = norms.get(name).asDouble();
          assertThat(norm(value)).as(name).isCloseTo(expected, within(expected * PARAMETERS));
        });
  }

  private Path data() throws IOException {
    Path data = folder.resolve("data");
    Files.createDirectories(data.resolve("images"));
    Files.createDirectories(data.resolve("masks"));
    try (WeightStore golden = WeightStore.open(Graft.golden("fcn8s_96x128.npz"))) {
      Images.writeRgb(data.resolve("images/one.png"), bytes(golden.get("image")), 96, 128);
      MaskImages.writeGrey(data.resolve("masks/one.png"), bytes(golden.get("label")), 96, 128);
    }
    Files.writeString(data.resolve("train.txt"), "one\n");
    Files.writeString(data.resolve("val.txt"), "one\n");
    return data;
  }

  private static byte[] bytes(WeightArray array) {
    byte[] bytes = new byte[(int) array.byteSize()];
    array.read(0, ByteBuffer.wrap(bytes));
    return bytes;
  }

  private static double norm(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }
}
