package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.capi.Call;
import dev.graft.capi.DataType;
import dev.graft.capi.Graph;
import dev.graft.capi.Output;
import dev.graft.capi.Session;
import dev.graft.capi.Tensor;
import dev.graft.mapping.NameMapping;
import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenTrainingTest {
  private static final Map<String, List<String>> FROZEN =
      Map.of(
          "none", List.of(),
          "conv1-conv3", List.of("vgg16/conv1", "vgg16/conv2", "vgg16/conv3"),
          "vgg16", List.of("vgg16"));

  @TempDir Path temp;

  Kernels kernels() {
    return Kernels.STOCK;
  }

  @ParameterizedTest
  @ValueSource(strings = {"96x128", "100x75"})
  void lossAndGradientsAgreeWithPyTorch(String size) {
    JsonNode facts =
        StreamSupport.stream(Golden.facts().get("fcn8s").spliterator(), false)
            .filter(node -> node.get("size").asText().equals(size))
            .findFirst()
            .orElseThrow();
    // With plain gradient descent at rate 1 and no decay a step subtracts the gradient itself.
    TrainingGraph.Settings settings =
        new TrainingGraph.Settings(new Optimizer.Sgd(1), 0, 255, List.of(), 0, 1);
    try (Run run = new Run(size, List.of(), settings)) {
      Map<String, float[]> before = run.values();
      run.step();
      assertThat(run.dataLoss()).isCloseTo(facts.get("loss").floatValue(), within(2e-5f));
      Map<String, float[]> after = run.values();
      Map<String, float[]> gradients = new HashMap<>();
      before.forEach(
          (name, values) -> {
            float[] gradient = new float[values.length];
            for (int i = 0; i < gradient.length; i++) {
              gradient[i] = values[i] - after.get(name)[i];
            }
            gradients.put(name, gradient);
          });
      assertThat(gradients.keySet())
          .containsExactlyInAnyOrderElementsOf(names(facts.get("grad_l2").fieldNames()));
      // The subtraction w − (w − g) rounds g to the grid of w: up to 2⁻²⁴ of w's size.
      gradients.forEach(
          (name, gradient) -> {
            double norm = facts.get("grad_l2").get(name).doubleValue();
            double rounding = Golden.norm(before.get(name)) * Math.pow(2, -24);
            assertThat(Golden.norm(gradient))
                .as(name)
                .isCloseTo(norm, within(norm * Golden.GRADIENTS + rounding));
          });
      for (String key : run.golden.names()) {
        if (key.startsWith("grad:")) {
          String name = key.substring("grad:".length()).replace('.', '/');
          float[] expected = WeightArrays.floats(run.golden.get(key));
          double rounding =
              Golden.norm(before.get(name)) * Math.pow(2, -24) / Golden.norm(expected);
          Golden.assertClose(gradients.get(name), run.golden, key, Golden.GRADIENTS + rounding);
        }
      }
    }
  }

  static Stream<Arguments> trajectories() {
    return StreamSupport.stream(Golden.facts().get("training").spliterator(), false)
        .map(
            node ->
                Arguments.of(node.get("optimizer").asText(), node.get("frozen").asText(), node));
  }

  @ParameterizedTest(name = "{0}, frozen: {1}")
  @MethodSource("trajectories")
  void fiveStepsAgreeWithPyTorch(String optimizer, String frozen, JsonNode facts) {
    float rate = facts.get("learning_rate").floatValue();
    float decay = facts.get("weight_decay_on_kernels").floatValue();
    Optimizer chosen =
        switch (optimizer) {
          case "sgd" -> new Optimizer.Sgd(rate);
          case "momentum" -> new Optimizer.Momentum(rate, 0.9f);
          default -> new Optimizer.Adam(rate);
        };
    TrainingGraph.Settings settings =
        new TrainingGraph.Settings(chosen, decay, 255, List.of(), 0, 1);
    try (Run run = new Run("96x128", FROZEN.get(frozen), settings)) {
      for (JsonNode loss : facts.get("data_loss_before_each_step")) {
        run.step();
        assertThat(run.dataLoss()).isCloseTo(loss.floatValue(), within(5e-5f));
      }
      Map<String, float[]> values = run.values();
      values.forEach(
          (name, value) -> {
            double expected = facts.get("param_l2_after").get(name).doubleValue();
            assertThat(Golden.norm(value))
                .as(name)
                .isCloseTo(expected, within(expected * Golden.GRADIENTS));
          });
      assertThat(values.keySet())
          .noneMatch(
              name ->
                  FROZEN.get(frozen).stream().anyMatch(scope -> FreezePolicy.isIn(name, scope)));
      run.step();
      assertThat(run.dataLoss()).isCloseTo(facts.get("loss_after").floatValue(), within(5e-5f));
    }
  }

  @Test
  void frozenParametersAreTheSameBytesAfterAHundredStepsOfAdamWithDecay() {
    TrainingGraph.Settings settings =
        new TrainingGraph.Settings(new Optimizer.Adam(1e-2f), 5e-4f, 255, List.of(), 0.5f, 1);
    try (Run run = new Run("96x128", List.of("vgg16"), settings)) {
      Map<String, float[]> before = run.values();
      run.frozen
          .values()
          .forEach(
              constant ->
                  assertThat(ConstantsCache.sha256(constant.file())).isEqualTo(constant.sha256()));
      for (int i = 0; i < 100; i++) {
        run.step();
      }
      assertThat(run.frozen).hasSize(30);
      run.frozen.forEach(
          (name, constant) -> {
            assertThat(ConstantsCache.sha256(constant.file())).isEqualTo(constant.sha256());
            Output value = run.training.parameterValues().get(name);
            try (Tensor tensor = run.session.runner().fetch(value).runOne()) {
              assertThat(tensor.toFloats())
                  .as(name)
                  .isEqualTo(WeightArrays.floats(run.weights.array(name)));
            }
          });
      Map<String, float[]> after = run.values();
      after.forEach((name, value) -> assertThat(value).as(name).isNotEqualTo(before.get(name)));
    }
  }

  private static List<String> names(Iterator<String> iterator) {
    List<String> result = new ArrayList<>();
    iterator.forEachRemaining(result::add);
    return result;
  }

  /** The reference's network, image and labels. */
  private final class Run implements AutoCloseable {
    final WeightStore golden;
    final ModelWeights weights;
    final Graph graph = new Graph();
    final TrainingGraph training;
    final Map<String, Constant> frozen;
    final Session session;
    final Call call;
    final Tensor images;
    final Tensor labels;

    Run(String size, List<String> freeze, TrainingGraph.Settings settings) {
      golden = WeightStore.open(Golden.file("fcn8s_" + size + ".npz"));
      NameMapping graft = NameMapping.bundled("graft");
      weights =
          ModelWeights.load(
              new ModelWeights.Request(
                  Model.FCN8S,
                  List.of(
                      new ModelWeights.Source(Golden.file("weights.npz"), graft),
                      new ModelWeights.Source(Golden.file("head.npz"), graft)),
                  Set.of("vgg16/fc8"),
                  List.of(),
                  0,
                  0),
              new ConstantsCache(temp, 1 << 30));
      frozen =
          weights.constants(
              FreezePolicy.of(freeze).frozen(weights.shapes().keySet()), kernels(), bytes -> {});
      Ops ops = new Ops(graph, kernels());
      Output imageInput = ops.placeholder("images", DataType.UINT8, -1, -1, -1, 3);
      Output labelInput = ops.placeholder("labels", DataType.UINT8, -1, -1, -1);
      training =
          TrainingGraph.build(
              ops, Model.FCN8S, weights.shapes(), frozen, imageInput, labelInput, settings);
      session = new Session(graph);
      training.initialize(session, weights::array);
      images = Tensor.of(Golden.bytes(golden, "image"), golden.get("image").shape().dims());
      labels = Tensor.of(Golden.bytes(golden, "label"), golden.get("label").shape().dims());
      call =
          session
              .call()
              .feed(imageInput)
              .feed(labelInput)
              .fetch(training.dataLoss())
              .target(training.train())
              .build();
      call.feed(0, images).feed(1, labels);
    }

    void step() {
      call.run();
    }

    float dataLoss() {
      return call.result(0).toFloats()[0];
    }

    Map<String, float[]> values() {
      Map<String, float[]> result = new HashMap<>();
      training
          .trainedValues()
          .forEach(
              (name, output) -> {
                try (Tensor tensor = session.runner().fetch(output).runOne()) {
                  result.put(name, tensor.toFloats());
                }
              });
      return result;
    }

    @Override
    public void close() {
      call.close();
      images.close();
      labels.close();
      session.close();
      graph.close();
      weights.close();
      golden.close();
    }
  }
}
