package dev.graft.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every container that numpy wrote of the same weights gives the same bits. */
class GoldenTest {
  private static final int LAYERS = 16;

  @Test
  void npzListsNamesDtypesAndShapes() {
    try (WeightStore store = WeightStore.open(Golden.file("weights.npz"))) {
      assertThat(store.names()).hasSize(2 * LAYERS).startsWith("vgg16/conv1_1/kernel");
      WeightArray kernel = store.get("vgg16/conv1_1/kernel");
      assertThat(kernel.dtype()).isEqualTo(DType.FLOAT32);
      assertThat(kernel.shape()).isEqualTo(Shape.of(3, 3, 3, 8));
      assertThat(kernel.region().orElseThrow().length()).isEqualTo(kernel.byteSize());
      assertThat(kernel.view().orElseThrow().isDirect()).isTrue();
    }
    try (WeightStore head = WeightStore.open(Golden.file("head.npz"))) {
      assertThat(head.get("fcn8s/upscore8/kernel").shape()).isEqualTo(Shape.of(16, 16, 3, 3));
    }
  }

  @Test
  void slimDictionaryEqualsNpz() {
    try (WeightStore truth = WeightStore.open(Golden.file("weights.npz"));
        WeightStore slim = WeightStore.open(Golden.file("slim_py3.npy"))) {
      assertThat(slim.names()).hasSameSizeAs(truth.names());
      for (String name : truth.names()) {
        String[] parts = name.split("/");
        String layer = parts[1];
        String scope = layer.startsWith("conv") ? "conv" + layer.charAt(4) + "/" + layer : layer;
        String kind = parts[2].equals("kernel") ? "weights" : "biases";
        WeightArray array = slim.get("vgg_16/" + scope + "/" + kind + ":0");
        assertThat(array.shape()).isEqualTo(truth.get(name).shape());
        assertThat(Golden.bytes(array)).as(name).isEqualTo(Golden.bytes(truth.get(name)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"p0", "p2", "p4", "p5", "py3"})
  void tensorflowVggDictionaryEqualsNpz(String variant) {
    Path file = Golden.file("tensorflow_vgg_" + variant + ".npy");
    try (WeightStore truth = WeightStore.open(Golden.file("weights.npz"));
        WeightStore store = WeightStore.open(file)) {
      assertThat(store.names()).hasSize(2 * LAYERS).startsWith("conv1_1[0]", "conv1_1[1]");
      for (String name : truth.names()) {
        String[] parts = name.split("/");
        boolean kernel = parts[2].equals("kernel");
        WeightArray array = store.get(parts[1] + (kernel ? "[0]" : "[1]"));
        WeightArray expected = truth.get(name);
        Shape shape = expected.shape();
        if (kernel && parts[1].startsWith("fc")) {
          shape = Shape.of(shape.dim(0) * shape.dim(1) * shape.dim(2), shape.dim(3));
        }
        assertThat(array.shape()).as(name).isEqualTo(shape);
        byte[] bytes = Golden.bytes(expected);
        if (name.equals("vgg16/conv1_1/kernel")) {
          bytes = inputChannelsReversed(bytes, shape);
        }
        assertThat(Golden.bytes(array)).as(name).isEqualTo(bytes);
      }
    }
  }

  /**
   * Pickles whose bytes stand as they are in the file are used in place; the others are decoded.
   */
  @ParameterizedTest
  @ValueSource(strings = {"p4", "p5", "py3"})
  void rawBytesStayInTheFile(String variant) {
    try (WeightStore store = WeightStore.open(Golden.file("tensorflow_vgg_" + variant + ".npy"))) {
      for (String name : store.names()) {
        assertThat(store.get(name).region()).as(name).isPresent();
        assertThat(store.get(name).view()).as(name).isPresent();
      }
    }
  }

  private static byte[] inputChannelsReversed(byte[] kernel, Shape shape) {
    int row = (int) shape.dim(3) * Float.BYTES;
    int channels = (int) shape.dim(2);
    ByteBuffer reversed = ByteBuffer.allocate(kernel.length);
    for (int place = 0; place < kernel.length; place += row * channels) {
      for (int c = channels - 1; c >= 0; c--) {
        reversed.put(kernel, place + c * row, row);
      }
    }
    return reversed.array();
  }
}
