package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.graph.ConstantsCache;
import dev.graft.graph.GraphException;
import dev.graft.graph.Kernels;
import dev.graft.graph.Model;
import dev.graft.graph.ModelWeights;
import dev.graft.graph.Predictor;
import dev.graft.graph.RunFolder;
import dev.graft.mapping.MappingException;
import dev.graft.mapping.NameMapping;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.WeightWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
  @TempDir Path temp;
  private Path data;

  @BeforeEach
  void writeData() {
    data = TinyData.write(temp.resolve("data"), 8);
  }

  private Trainer.Outcome train(TrainConfig config, String out, boolean resume) {
    return train(config, out, resume, () -> false);
  }

  private Trainer.Outcome train(
      TrainConfig config, String out, boolean resume, BooleanSupplier stop) {
    return Trainer.train(
        new Trainer.Request(
            config,
            temp.resolve(out),
            resume,
            List.of(
                new ModelWeights.Source(
                    TinyData.golden("weights.npz"), NameMapping.bundled("graft"))),
            new ConstantsCache(temp.resolve("cache"), 1 << 30),
            new TrainingListener() {},
            stop));
  }

  @Test
  void kernelsForPredictionAreRefusedBeforeAnythingIsWritten() {
    Trainer.Request request =
        new Trainer.Request(
            TinyData.config(data, 1),
            temp.resolve("run"),
            false,
            List.of(),
            new ConstantsCache(temp.resolve("cache"), 1 << 30),
            Kernels.AUTO.withBfloat16Dense(),
            new TrainingListener() {},
            () -> false);
    assertThatThrownBy(() -> Trainer.train(request))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("cannot be trained");
    assertThat(temp.resolve("run")).doesNotExist();
  }

  private List<JsonNode> metrics(String out) throws IOException {
    List<JsonNode> result = new ArrayList<>();
    for (String line : Files.readAllLines(temp.resolve(out).resolve("metrics.jsonl"))) {
      result.add(new ObjectMapper().readTree(line));
    }
    return result;
  }

  @Test
  void aRunLearnsAndLeavesEverythingThatIsPromised() throws IOException {
    TrainConfig config = TinyData.config(data, 40);
    Trainer.Outcome outcome = train(config, "run", false);
    assertThat(outcome.steps()).isEqualTo(40);
    assertThat(outcome.interrupted()).isFalse();
    List<JsonNode> metrics = metrics("run");
    assertThat(metrics).hasSize(40);
    assertThat(metrics.get(0).fieldNames())
        .toIterable()
        .containsExactly("step", "data_loss", "regularization_loss", "learning_rate");
    assertThat(metrics.get(39).get("step").asLong()).isEqualTo(40);
    double first =
        metrics.subList(0, 5).stream().mapToDouble(m -> m.get("data_loss").asDouble()).sum();
    double last =
        metrics.subList(35, 40).stream().mapToDouble(m -> m.get("data_loss").asDouble()).sum();
    assertThat(last).isLessThan(first);
    assertThat(metrics.get(0).get("regularization_loss").asDouble()).isPositive();
    RunFolder run = new RunFolder(temp.resolve("run"));
    assertThat(run.last()).contains(run.checkpoint(40));
    assertThat(run.best()).isPresent();
    assertThat(run.frozen()).hasSize(30);
    try (var files = Files.list(run.eventsFolder())) {
      assertThat(files).anyMatch(file -> file.getFileName().toString().contains("tfevents"));
    }
    assertThat(outcome.validation().orElseThrow().confusion().total())
        .isEqualTo(2L * TinyData.HEIGHT * (TinyData.WIDTH - 1));
    try (Predictor predictor = Predictor.open(temp.resolve("run"))) {
      assertThat(predictor.classes()).isEqualTo(2);
    }
  }

  private static byte[] bytes(WeightArray array) {
    ByteBuffer bytes = ByteBuffer.allocate((int) array.byteSize());
    array.read(0, bytes);
    return bytes.array();
  }

  @Test
  void aResumedRunHasTheLossesOfAnUninterruptedOneToTheLastBit() throws IOException {
    TrainConfig config = TinyData.config(data, 12);
    train(config, "whole", false);
    AtomicInteger asked = new AtomicInteger();
    Trainer.Outcome first = train(config, "parts", false, () -> asked.incrementAndGet() == 5);
    assertThat(first.interrupted()).isTrue();
    assertThat(first.steps()).isEqualTo(5);
    train(config, "parts", true);
    assertThat(metrics("parts")).isEqualTo(metrics("whole"));
    assertThat(Files.readString(temp.resolve("parts/validation.jsonl")))
        .isEqualTo(Files.readString(temp.resolve("whole/validation.jsonl")));
    try (WeightStore parts = WeightStore.open(temp.resolve("parts"));
        WeightStore whole = WeightStore.open(temp.resolve("whole"))) {
      assertThat(parts.names()).isEqualTo(whole.names()).hasSize(39);
      for (String name : parts.names()) {
        assertThat(bytes(parts.get(name))).as(name).isEqualTo(bytes(whole.get(name)));
      }
    }
  }

  @Test
  void theArraysOfAClosedRunAreRefusedAndTheirViewsStayReadable() {
    train(TinyData.config(data, 1), "run", false);
    WeightStore store = WeightStore.open(temp.resolve("run"));
    List<WeightArray> arrays =
        List.of(store.get("vgg16/fc7/kernel"), store.get("fcn8s/score_fr/kernel"));
    List<byte[]> before = arrays.stream().map(TrainerTest::bytes).toList();
    List<ByteBuffer> views = arrays.stream().map(array -> array.view().orElseThrow()).toList();
    store.close();
    for (int i = 0; i < arrays.size(); i++) {
      WeightArray array = arrays.get(i);
      assertThatThrownBy(() -> bytes(array)).isInstanceOf(IllegalStateException.class);
      byte[] after = new byte[before.get(i).length];
      views.get(i).get(after);
      assertThat(after).isEqualTo(before.get(i));
    }
  }

  @Test
  void metricsAfterTheCheckpointAreWrittenAgain() throws IOException {
    TrainConfig config = TinyData.config(data, 8);
    train(config, "run", false);
    List<JsonNode> before = metrics("run");
    RunFolder run = new RunFolder(temp.resolve("run"));
    Files.writeString(
        run.metricsFile(), Files.readString(run.metricsFile()) + "{\"step\":9,\"data_l");
    train(TinyData.config(data, 10), "run", true);
    assertThat(metrics("run")).hasSize(10);
    assertThat(metrics("run").subList(0, 8)).isEqualTo(before);
  }

  @Test
  void aRunIsNotOverwritten() {
    train(TinyData.config(data, 1), "run", false);
    assertThatThrownBy(() -> train(TinyData.config(data, 1), "run", false))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("there is a run already");
  }

  @Test
  void otherFrozenWeightsAreRefusedOnResuming() throws IOException {
    train(TinyData.config(data, 2), "run", false);
    RunFolder run = new RunFolder(temp.resolve("run"));
    Path other = temp.resolve("other.npz");
    try (WeightStore store = WeightStore.open(TinyData.golden("weights.npz"))) {
      var arrays = new LinkedHashMap<String, WeightArray>();
      store.names().forEach(name -> arrays.put(name, store.get(name)));
      float[] bias = WeightArrays.floats(store.get("vgg16/fc7/bias"));
      bias[0] += 1;
      arrays.put("vgg16/fc7/bias", WeightArrays.of(bias, bias.length));
      WeightWriter.write(other, WeightStores.of(arrays, "changed"));
    }
    Trainer.Request request =
        new Trainer.Request(
            TinyData.config(data, 4),
            temp.resolve("run"),
            true,
            List.of(new ModelWeights.Source(other, NameMapping.bundled("graft"))),
            new ConstantsCache(temp.resolve("cache"), 1 << 30),
            new TrainingListener() {},
            () -> false);
    assertThatThrownBy(() -> Trainer.train(request))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("other frozen weights");
    assertThat(run.last()).contains(run.checkpoint(2));
  }

  @Test
  void changedBytesOfAFrozenFileAreFoundOnResuming() throws IOException {
    train(TinyData.config(data, 2), "run", false);
    RunFolder run = new RunFolder(temp.resolve("run"));
    Path file = null;
    try (var files = Files.list(temp.resolve("run/frozen"))) {
      file = files.findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[0] ^= 1;
    Files.delete(file);
    Files.write(file, bytes);
    assertThatThrownBy(() -> train(TinyData.config(data, 4), "run", true))
        .hasMessageContaining("its bytes have changed");
    assertThat(run.last()).contains(run.checkpoint(2));
  }

  @Test
  void aLossThatIsNotFiniteStopsTheRunAndKeepsTheLastGoodCheckpoint() {
    TrainConfig c = TinyData.config(data, 40);
    TrainConfig wild =
        new TrainConfig(
            c.model(),
            c.data(),
            c.masks(),
            c.weights(),
            c.exclude(),
            c.init(),
            List.of(),
            c.classes(),
            c.classNames(),
            c.ignoreLabel(),
            c.steps(),
            c.batch(),
            "sgd",
            1e20f,
            c.momentum(),
            c.weightDecay(),
            c.dropout(),
            c.cropHeight(),
            c.cropWidth(),
            c.augment(),
            c.shuffle(),
            c.classWeights(),
            c.seed(),
            c.evalEvery(),
            c.threads());
    assertThatThrownBy(() -> train(wild, "run", false))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("not finite")
        .hasMessageContaining("last good checkpoint is that of step 0");
    RunFolder run = new RunFolder(temp.resolve("run"));
    assertThat(run.last()).contains(run.checkpoint(0));
  }

  @Test
  void aFreezeScopeThatMatchesNothingIsAnError() {
    TrainConfig c = TinyData.config(data, 1);
    TrainConfig wrong =
        new TrainConfig(
            c.model(),
            c.data(),
            c.masks(),
            c.weights(),
            c.exclude(),
            c.init(),
            List.of("vgg16/conv9_1"),
            c.classes(),
            c.classNames(),
            c.ignoreLabel(),
            c.steps(),
            c.batch(),
            c.optimizer(),
            c.learningRate(),
            c.momentum(),
            c.weightDecay(),
            c.dropout(),
            c.cropHeight(),
            c.cropWidth(),
            c.augment(),
            c.shuffle(),
            c.classWeights(),
            c.seed(),
            c.evalEvery(),
            c.threads());
    assertThatThrownBy(() -> train(wrong, "run", false))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("'vgg16/conv9_1' has no parameter");
  }

  @Test
  void missingWeightsAreListedAndNotInvented() {
    Trainer.Request request =
        new Trainer.Request(
            TinyData.config(data, 1),
            temp.resolve("run"),
            false,
            List.of(
                new ModelWeights.Source(TinyData.golden("head.npz"), NameMapping.bundled("graft"))),
            new ConstantsCache(temp.resolve("cache"), 1 << 30),
            new TrainingListener() {},
            () -> false);
    assertThatThrownBy(() -> Trainer.train(request))
        .isInstanceOf(MappingException.class)
        .hasMessageContaining("vgg16/conv1_1/kernel")
        .hasMessageContaining("vgg16/fc7/bias");
    assertThat(Model.of("fcn8s").headScope()).isEqualTo("fcn8s");
  }
}
