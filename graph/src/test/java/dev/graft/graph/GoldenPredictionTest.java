package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.capi.SessionOptions;
import dev.graft.capi.Tensor;
import dev.graft.mapping.NameMapping;
import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightStore;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenPredictionTest {
  @TempDir Path temp;

  Kernels kernels() {
    return Kernels.STOCK;
  }

  @ParameterizedTest
  @CsvSource({
    "weights.npz, graft",
    "slim_py3.npy, slim-vgg16",
    "tensorflow_vgg_p0.npy, tensorflow-vgg16",
    "tensorflow_vgg_p2.npy, tensorflow-vgg16",
    "tensorflow_vgg_p4.npy, tensorflow-vgg16",
    "tensorflow_vgg_p5.npy, tensorflow-vgg16",
    "tensorflow_vgg_py3.npy, tensorflow-vgg16",
  })
  void theClassifierAgreesWithPyTorchFromEveryContainer(String file, String table) {
    ModelWeights.Request request =
        ModelWeights.Request.of(Model.VGG16, Golden.file(file), NameMapping.bundled(table));
    try (WeightStore golden = WeightStore.open(Golden.file("classifier.npz"));
        ModelWeights weights = ModelWeights.load(request, cache());
        Predictor predictor =
            Predictor.of(weights, kernels(), SessionOptions.DEFAULT, bytes -> {})) {
      byte[] images = Golden.bytes(golden, "image");
      float[] expectedLogits = WeightArrays.floats(golden.get("fc8"));
      float[] expectedProbabilities = WeightArrays.floats(golden.get("prob"));
      assertThat(predictor.classes()).isEqualTo(10);
      for (int i = 0; i < 2; i++) {
        byte[] image = Arrays.copyOfRange(images, i * 224 * 224 * 3, (i + 1) * 224 * 224 * 3);
        float[] logits = new float[10];
        predictor.logits(image, 224, 224, logits);
        float[] expected = Arrays.copyOfRange(expectedLogits, i * 10, i * 10 + 10);
        assertThat(Golden.relativeError(logits, expected)).isLessThan(Golden.ACTIVATIONS);
        float[] probabilities = new float[10];
        predictor.probabilities(image, 224, 224, probabilities);
        expected = Arrays.copyOfRange(expectedProbabilities, i * 10, i * 10 + 10);
        assertThat(Golden.relativeError(probabilities, expected)).isLessThan(Golden.ACTIVATIONS);
      }
      byte[] first = Arrays.copyOf(images, 224 * 224 * 3);
      try (Tensor pool3 = predictor.endPoint("pool3", first, 224, 224)) {
        assertThat(pool3.shape()).containsExactly(1, 28, 28, 16);
        Golden.assertClose(pool3.toFloats(), golden, "pool3", Golden.ACTIVATIONS);
      }
      for (String endPoint : List.of("pool5", "fc6", "fc7")) {
        try (Tensor tensor = predictor.endPoint(endPoint, first, 224, 224)) {
          float[] both = WeightArrays.floats(golden.get(endPoint));
          float[] expected = Arrays.copyOf(both, both.length / 2);
          assertThat(Golden.relativeError(tensor.toFloats(), expected))
              .as(endPoint)
              .isLessThan(Golden.ACTIVATIONS);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"96x128", "100x75"})
  void fcn8sAgreesWithPyTorchAtBothSizes(String size) {
    int height = Integer.parseInt(size.split("x", -1)[0]);
    int width = Integer.parseInt(size.split("x", -1)[1]);
    try (WeightStore golden = WeightStore.open(Golden.file("fcn8s_" + size + ".npz"));
        ModelWeights weights = ModelWeights.load(fcn8s(), cache());
        Predictor predictor =
            Predictor.of(weights, kernels(), SessionOptions.DEFAULT, bytes -> {})) {
      byte[] image = Golden.bytes(golden, "image");
      float[] logits = new float[height * width * 3];
      predictor.logits(image, height, width, logits);
      Golden.assertClose(logits, golden, "logits", Golden.ACTIVATIONS);

      ByteBuffer direct = ByteBuffer.allocateDirect(image.length).put(image).flip();
      ByteBuffer out =
          ByteBuffer.allocateDirect(logits.length * Float.BYTES).order(ByteOrder.nativeOrder());
      predictor.logits(direct, height, width, out);
      float[] viaBuffers = new float[logits.length];
      out.flip().asFloatBuffer().get(viaBuffers);
      assertThat(viaBuffers).isEqualTo(logits);

      byte[] ids = new byte[height * width];
      predictor.classIds(image, height, width, ids);
      byte[] expectedIds = new byte[ids.length];
      for (int i = 0; i < ids.length; i++) {
        for (int c = 1; c < 3; c++) {
          if (logits[i * 3 + c] > logits[i * 3 + expectedIds[i]]) {
            expectedIds[i] = (byte) c;
          }
        }
      }
      assertThat(ids).isEqualTo(expectedIds);
    }
  }

  private static ModelWeights.Request fcn8s() {
    NameMapping graft = NameMapping.bundled("graft");
    return new ModelWeights.Request(
        Model.FCN8S,
        List.of(
            new ModelWeights.Source(Golden.file("weights.npz"), graft),
            new ModelWeights.Source(Golden.file("head.npz"), graft)),
        Set.of("vgg16/fc8"),
        List.of(),
        0,
        0);
  }

  private ConstantsCache cache() {
    return new ConstantsCache(temp, 1 << 30);
  }
}
