package dev.graft.weights.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.DType;
import dev.graft.weights.Golden;
import dev.graft.weights.OtherEntry;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightFormat;
import dev.graft.weights.WeightStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that h5py wrote in the layouts of Keras 1, 2 and 3 and with its storage options. */
class Hdf5FormatTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "keras1.h5",
        "keras2.h5",
        "model.h5",
        "keras3.weights.h5",
        "dtypes.h5",
        "chunked.h5",
        "chunked_latest.h5",
        "latest.h5",
        "userblock.h5",
      })
  void everyArrayIsAsWritten(String file) throws IOException {
    Map<String, String> truth = Hdf5Files.truth(file);
    try (WeightStore store = WeightStore.open(Hdf5Files.file(file))) {
      assertThat(store.names()).containsExactlyInAnyOrderElementsOf(truth.keySet());
      for (String name : store.names()) {
        assertThat(Hdf5Files.describe(store.get(name))).as(name).isEqualTo(truth.get(name));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"keras1.h5", "keras2.h5", "model.h5", "latest.h5"})
  void layersComeInKerasOrder(String file) throws IOException {
    try (WeightStore store = WeightStore.open(Hdf5Files.file(file))) {
      assertThat(store.names()).containsExactlyElementsOf(Hdf5Files.truth(file).keySet());
    }
  }

  @Test
  void namesOfTheKerasLayouts() {
    try (WeightStore store = WeightStore.open(Hdf5Files.file("keras1.h5"))) {
      assertThat(store.names()).startsWith("block1_conv2/block1_conv2_W_1:0");
    }
    try (WeightStore store = WeightStore.open(Hdf5Files.file("keras2.h5"))) {
      assertThat(store.names()).startsWith("z_conv/z_conv/kernel:0");
    }
    try (WeightStore store = WeightStore.open(Hdf5Files.file("model.h5"))) {
      assertThat(store.names())
          .containsExactly(
              "dense/dense/kernel:0",
              "dense/dense/bias:0",
              "optimizer_weights/Adam/iter:0",
              "optimizer_weights/Adam/dense/kernel/m:0");
    }
    try (WeightStore store = WeightStore.open(Hdf5Files.file("keras3.weights.h5"))) {
      assertThat(store.names())
          .startsWith(
              "_layer_checkpoint_dependencies/dense/vars/0",
              "layers/conv2d/vars/0",
              "layers/conv2d/vars/1");
      assertThat(store.get("layers/half/vars/0").dtype()).isEqualTo(DType.BFLOAT16);
    }
  }

  @Test
  void attributesAndTextsAreShown() {
    try (WeightStore store = WeightStore.open(Hdf5Files.file("model.h5"))) {
      assertThat(store.others())
          .contains(
              new OtherEntry("model_weights@layer_names", "string [1]", "\"dense\""),
              new OtherEntry("keras_version", "string", "\"2.11.0\""),
              new OtherEntry("backend", "string", "\"tensorflow\""))
          .anySatisfy(
              entry -> {
                assertThat(entry.name()).isEqualTo("model_config");
                assertThat(entry.value())
                    .startsWith("\"{\\\"class_name\\\": \\\"Sequential\\\"")
                    .endsWith("\"... (5052 bytes)");
              });
    }
    try (WeightStore store = WeightStore.open(Hdf5Files.file("keras1.h5"))) {
      assertThat(store.others())
          .contains(
              new OtherEntry(
                  "layer_names", "string [3]", "\"block1_conv2, block1_conv1, block1_pool\""),
              new OtherEntry("nb_layers", "int64", "3"));
    }
    try (WeightStore store = WeightStore.open(Hdf5Files.file("dtypes.h5"))) {
      assertThat(store.others())
          .containsExactlyInAnyOrder(
              new OtherEntry("text", "string", "\"hello\""),
              new OtherEntry("texts", "string [2]", ""),
              new OtherEntry("null", "float32, empty", ""),
              new OtherEntry("soft", "soft link, not followed", "\"/one\""),
              new OtherEntry("one@unit", "string", "\"ms\""),
              new OtherEntry("one@scale", "float64", "0.5"));
    }
  }

  @Test
  void contiguousArraysStayInTheFile() throws IOException {
    byte[] file = Hdf5Files.bytes("keras2.h5");
    try (WeightStore store = WeightStore.open(Hdf5Files.file("keras2.h5"))) {
      for (String name : store.names()) {
        WeightArray array = store.get(name);
        WeightArray.FileRegion region = array.region().orElseThrow();
        assertThat(region.file()).isEqualTo(Hdf5Files.file("keras2.h5"));
        ByteBuffer inFile = ByteBuffer.wrap(file, (int) region.offset(), (int) region.length());
        assertThat(array.view().orElseThrow()).isEqualTo(inFile);
      }
    }
    try (WeightStore store = WeightStore.open(Hdf5Files.file("userblock.h5"))) {
      assertThat(store.get("x").region().orElseThrow().offset()).isGreaterThan(1024);
    }
  }

  @Test
  void chunksAreDecodedOnceAndInPieces() {
    WeightArray array;
    try (WeightStore store = WeightStore.open(Hdf5Files.file("chunked.h5"))) {
      array = store.get("shuffle");
      byte[] whole = Golden.bytes(array);
      assertThat(array.region()).isEmpty();
      assertThat(array.view().orElseThrow()).isEqualTo(ByteBuffer.wrap(whole));
      ByteBuffer part = ByteBuffer.allocate(20);
      array.read(12, part);
      assertThat(part.array()).isEqualTo(Arrays.copyOfRange(whole, 12, 32));
    }
    assertThatThrownBy(() -> array.read(0, ByteBuffer.allocate(4)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageEndingWith("the weights are closed");
  }

  @Test
  void goldenKerasFileEqualsNpz() {
    try (WeightStore truth = WeightStore.open(Golden.file("weights.npz"));
        WeightStore keras = WeightStore.open(Golden.file("keras.h5"))) {
      assertThat(keras.names())
          .hasSameSizeAs(truth.names())
          .startsWith("block1_conv1/block1_conv1/kernel:0", "block1_conv1/block1_conv1/bias:0");
      for (String name : truth.names()) {
        String[] parts = name.split("/");
        String layer = kerasLayer(parts[1]);
        WeightArray array = keras.get(layer + "/" + layer + "/" + parts[2] + ":0");
        WeightArray expected = truth.get(name);
        if (parts[1].startsWith("conv")) {
          assertThat(array.shape()).isEqualTo(expected.shape());
        }
        assertThat(array.view()).isPresent();
        assertThat(Golden.bytes(array)).as(name).isEqualTo(Golden.bytes(expected));
      }
      assertThat(keras.get("fc1/fc1/kernel:0").shape()).isEqualTo(Shape.of(1176, 32));
    }
  }

  private static String kerasLayer(String layer) {
    return switch (layer) {
      case "fc6" -> "fc1";
      case "fc7" -> "fc2";
      case "fc8" -> "predictions";
      default -> "block" + layer.charAt(4) + "_conv" + layer.charAt(6);
    };
  }

  @Test
  void recognisedByContent() {
    assertThat(WeightFormat.of(Hdf5Files.file("userblock.h5")).name()).isEqualTo("HDF5");
    byte[] moved = new byte[4096];
    System.arraycopy(Superblock.SIGNATURE, 0, moved, 2048, 8);
    assertThat(Superblock.find(ByteBuffer.wrap(moved))).hasValue(2048);
    moved[2049] = 0;
    assertThat(Superblock.find(ByteBuffer.wrap(moved))).isEmpty();
  }
}
