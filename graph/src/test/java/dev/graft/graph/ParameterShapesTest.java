package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.Shape;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParameterShapesTest {
  @Test
  void thePublishedNetworkHasThePublishedNumberOfParameters() {
    Map<String, Shape> shapes = ParameterShapes.resolve(Model.VGG16, Map.of(), 1000);
    assertThat(shapes).hasSize(32);
    assertThat(shapes.values().stream().mapToLong(Shape::elementCount).sum())
        .isEqualTo(138_357_544);
    assertThat(ParameterShapes.resolve(Model.VGG19, Map.of(), 1000)).hasSize(38);
  }

  @Test
  void headsHaveTheirLayers() {
    Map<String, Shape> shapes = ParameterShapes.resolve(Model.FCN16S, Map.of(), 21);
    assertThat(shapes)
        .hasSize(30 + 6)
        .containsEntry("fcn16s/score_fr/kernel", Shape.of(1, 1, 4096, 21))
        .containsEntry("fcn16s/score_pool4/kernel", Shape.of(1, 1, 512, 21))
        .containsEntry("fcn16s/upscore2/kernel", Shape.of(4, 4, 21, 21))
        .containsEntry("fcn16s/upscore16/kernel", Shape.of(32, 32, 21, 21));
    assertThat(ParameterShapes.resolve(Model.FCN32S_VGG19, Map.of(), 2))
        .hasSize(36 + 3)
        .containsEntry("fcn32s/upscore32/kernel", Shape.of(64, 64, 2, 2))
        .containsKey("vgg19/conv3_4/kernel");
  }

  @Test
  void widthsComeFromTheWeights() {
    Map<String, Shape> shapes =
        ParameterShapes.resolve(
            Model.VGG16,
            Map.of("vgg16/conv1_1/bias", Shape.of(8), "vgg16/fc8/kernel", Shape.of(1, 1, 4096, 5)),
            0);
    assertThat(shapes)
        .containsEntry("vgg16/conv1_1/kernel", Shape.of(3, 3, 3, 8))
        .containsEntry("vgg16/conv1_2/kernel", Shape.of(3, 3, 8, 64))
        .containsEntry("vgg16/fc8/bias", Shape.of(5));
  }

  @Test
  void everythingThatDoesNotFitIsNamed() {
    assertThatThrownBy(
            () ->
                ParameterShapes.resolve(
                    Model.VGG16,
                    Map.of(
                        "vgg16/conv1_1/kernel", Shape.of(5, 5, 3, 64),
                        "vgg16/fc7/bias", Shape.of(7)),
                    0))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining(
            "vgg16/conv1_1/kernel: expected the shape [3, 3, 3, 64], found [5, 5, 3, 64]")
        .hasMessageContaining("the number of classes is not known");
  }
}
