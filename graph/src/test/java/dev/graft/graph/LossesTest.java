package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.capi.DataType;
import dev.graft.capi.Graph;
import dev.graft.capi.Output;
import dev.graft.capi.Session;
import dev.graft.capi.Tensor;
import dev.graft.weights.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LossesTest {
  private static final float[] LOGITS = {1, 2, -1, 0.5f, 3, 0};

  /** Loss and gradient of three pixels with two classes each. */
  private static float[][] loss(byte[] labels, int ignored, List<Float> classWeights) {
    try (Graph graph = new Graph()) {
      Ops ops = new Ops(graph);
      Output logits = ops.constant("scores", Tensor.of(LOGITS, 1, 1, 3, 2));
      Output ids = ops.constant("ids", Tensor.of(labels, 1, 1, 3));
      Losses.Loss loss = Losses.pixelCrossEntropy(ops, logits, ids, ignored, classWeights);
      try (Session session = new Session(graph);
          Tensor value = session.runner().fetch(loss.value()).runOne();
          Tensor gradient = session.runner().fetch(loss.logitsGradient()).runOne()) {
        return new float[][] {value.toFloats(), gradient.toFloats()};
      }
    }
  }

  private static double crossEntropy(int pixel, int label) {
    double a = Math.exp(LOGITS[2 * pixel]);
    double b = Math.exp(LOGITS[2 * pixel + 1]);
    return -Math.log((label == 0 ? a : b) / (a + b));
  }

  /** Minus zero is zero too. */
  private static void assertZero(float... values) {
    for (float value : values) {
      assertThat(value == 0).as("%s is 0", value).isTrue();
    }
  }

  @Test
  void isTheMeanOverThePixelsThatCount() {
    float[][] result = loss(new byte[] {0, 1, (byte) 255}, 255, List.of());
    double expected = (crossEntropy(0, 0) + crossEntropy(1, 1)) / 2;
    assertThat(result[0][0]).isCloseTo((float) expected, within(1e-6f));
    assertThat(result[1]).hasSize(6);
    assertZero(result[1][4], result[1][5]);
    assertThat(result[1][0] + result[1][1]).isCloseTo(0, within(1e-6f));
  }

  @Test
  void withoutAPixelThatCountsItIsZeroAndNotNaN() {
    float[][] result = loss(new byte[] {7, 7, 7}, 7, List.of());
    assertZero(result[0]);
    assertThat(result[1]).hasSize(6);
    assertZero(result[1]);
  }

  @Test
  void withClassWeightsItIsTheWeightedMean() {
    float[][] result = loss(new byte[] {0, 1, 1}, 255, List.of(3f, 0.5f));
    double expected =
        (3 * crossEntropy(0, 0) + 0.5 * crossEntropy(1, 1) + 0.5 * crossEntropy(2, 1)) / 4;
    assertThat(result[0][0]).isCloseTo((float) expected, within(1e-6f));
  }

  @Test
  void aTrainableThatTheLossDoesNotDependOnIsNamed() {
    try (Graph graph = new Graph()) {
      Ops ops = new Ops(graph);
      Output images = ops.placeholder("images", DataType.UINT8, -1, 8, 8, 3);
      Output labels = ops.placeholder("labels", DataType.UINT8, -1, 8, 8);
      Map<String, Shape> shapes =
          Map.of("net/used/kernel", Shape.of(1, 1, 3, 2), "net/unused/kernel", Shape.of(4));
      Scores scores =
          (in, pixels, parameters) ->
              in.conv2d(
                  "conv",
                  Network.preprocess(in, pixels),
                  parameters.get("net/used/kernel"),
                  "SAME");
      TrainingGraph.Settings settings =
          new TrainingGraph.Settings(new Optimizer.Sgd(1), 0, 255, List.of(), 0, 1);
      assertThatThrownBy(
              () -> TrainingGraph.build(ops, scores, shapes, Map.of(), images, labels, settings))
          .isInstanceOf(GraphException.class)
          .hasMessageContaining("net/unused/kernel")
          .hasMessageNotContaining("net/used/kernel");
    }
  }
}
