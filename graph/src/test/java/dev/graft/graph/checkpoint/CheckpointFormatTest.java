package dev.graft.graph.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.capi.CheckpointReader;
import dev.graft.capi.DataType;
import dev.graft.capi.Tensor;
import dev.graft.mapping.NameMapping;
import dev.graft.mapping.Needs;
import dev.graft.weights.OtherEntry;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightStore;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checkpoints that TensorFlow wrote, read with the same values. */
class CheckpointFormatTest {
  @TempDir Path folder;

  static byte[] bytes(WeightStore store, String name) {
    WeightArray array = store.get(name);
    ByteBuffer buffer = ByteBuffer.allocate((int) array.byteSize());
    array.read(0, buffer);
    return buffer.array();
  }

  private static Map<String, Tensor> numbers() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    int seed = 0;
    for (DataType type : DataType.values()) {
      if (type.byteSize() > 0) {
        tensors.put("all/" + type, Saved.random(type, seed++, 3, 2, 5));
      }
    }
    tensors.put("scalar", Tensor.of(3.5f));
    tensors.put("global_step", Tensor.of(-7L));
    tensors.put("empty", Tensor.of(new float[0], 0, 4));
    tensors.put("größe", Tensor.of(new float[] {1, 2}));
    return tensors;
  }

  private static void assertSame(WeightStore store, Map<String, Tensor> tensors) {
    assertThat(store.names()).containsExactlyInAnyOrderElementsOf(tensors.keySet());
    tensors.forEach(
        (name, tensor) -> {
          assertThat(store.get(name).shape().dims()).as(name).isEqualTo(tensor.shape());
          assertThat(bytes(store, name)).as(name).isEqualTo(Saved.bytes(tensor));
        });
  }

  @Test
  void allNumbersOfV2() {
    Map<String, Tensor> tensors = numbers();
    Path prefix = folder.resolve("model.ckpt-10");
    Saved.v2(prefix, tensors);
    try (WeightStore store = WeightStore.open(prefix)) {
      assertSame(store, tensors);
      assertThat(store.names()).isSorted();
      assertThat(store.source()).isEqualTo(prefix.toString());
      assertThat(store.others()).isEmpty();
      for (String name : store.names()) {
        assertThat(store.get(name).view()).as(name).isPresent();
        assertThat(store.get(name).region().orElseThrow().file())
            .hasFileName("model.ckpt-10.data-00000-of-00001");
      }
    }
  }

  @Test
  void allNumbersOfV1() {
    Map<String, Tensor> tensors = numbers();
    // V1 was there before these.
    List.of("BFLOAT16", "UINT16", "UINT32", "UINT64").forEach(t -> tensors.remove("all/" + t));
    Path file = folder.resolve("vgg_16.ckpt");
    Saved.v1(file, tensors);
    try (WeightStore store = WeightStore.open(file)) {
      assertSame(store, tensors);
      assertThat(store.get("all/FLOAT").region().orElseThrow().file()).isEqualTo(file);
      assertThat(store.get("all/DOUBLE").view()).isPresent();
      assertThat(store.get("all/INT32").region()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE", "INT32", "UINT8", "INT16", "INT8", "INT64"})
  void theRuntimeReadsTheSameV1(DataType type) {
    Path file = folder.resolve("one");
    Saved.v1(file, Map.of("x", Saved.random(type, 1, 7, 3)));
    try (WeightStore store = WeightStore.open(file);
        CheckpointReader reader = new CheckpointReader(file.toString());
        Tensor expected = reader.read("x")) {
      assertThat(bytes(store, "x")).isEqualTo(Saved.bytes(expected));
    }
  }

  @Test
  void aSlimCheckpointHasTheWeightsOfTheGraph() throws URISyntaxException {
    Path file = folder.resolve("vgg_16.ckpt");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("global_step", Tensor.of(7L));
    try (WeightStore npy = WeightStore.open(golden("slim_py3.npy"))) {
      for (String name : npy.names()) {
        float[] values = WeightArrays.floats(npy.get(name));
        tensors.put(name.replace(":0", ""), Tensor.of(values, npy.get(name).shape().dims()));
      }
    }
    Saved.v1(file, tensors);
    try (WeightStore store = WeightStore.open(file);
        WeightStore graph =
            NameMapping.bundled("slim-vgg16").apply(store, Needs.wholeTable(), Set.of());
        WeightStore expected = WeightStore.open(golden("weights.npz"))) {
      assertThat(graph.names()).containsExactlyInAnyOrderElementsOf(expected.names());
      for (String name : expected.names()) {
        assertThat(bytes(graph, name)).as(name).isEqualTo(bytes(expected, name));
      }
    }
  }

  private static Path golden(String name) throws URISyntaxException {
    return Path.of(CheckpointFormatTest.class.getResource("/golden/" + name).toURI());
  }

  @Test
  void aLargeV1TensorIsDecodedInPieces() {
    Path file = folder.resolve("large");
    Tensor large = Saved.random(DataType.INT32, 1, 500_000);
    Saved.v1(file, Map.of("x", large, "y", Saved.random(DataType.FLOAT, 2, 400_000)));
    try (WeightStore store = WeightStore.open(file)) {
      assertThat(bytes(store, "x")).isEqualTo(Saved.bytes(large));
      ByteBuffer middle = ByteBuffer.allocate(8);
      store.get("x").read(1_000_000, middle);
      assertThat(middle.array())
          .isEqualTo(Arrays.copyOfRange(Saved.bytes(large), 1_000_000, 1_000_008));
    }
  }

  @Test
  void stringsAreOtherEntries() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("_CHECKPOINTABLE_OBJECT_GRAPH", Tensor.of("\n\u0005\"x\"" + "y".repeat(3000)));
    tensors.put("labels", Tensor.of(new String[] {"cat", "", "dog", "a", "b"}));
    tensors.put("none", Tensor.of(new String[0]));
    tensors.put("x", Tensor.of(1f));
    Path prefix = folder.resolve("v2");
    Saved.v2(prefix, tensors);
    Path file = folder.resolve("v1");
    Saved.v1(file, tensors);
    for (Path path : List.of(prefix, file)) {
      try (WeightStore store = WeightStore.open(path)) {
        assertThat(store.names()).containsExactly("x");
        assertThat(store.others())
            .contains(
                new OtherEntry("labels", "string [5]", "[\"cat\", \"\", \"dog\", \"a\", ...]"),
                new OtherEntry("none", "string [0]", "[]"));
        OtherEntry graph =
            store.others().stream()
                .filter(entry -> entry.name().startsWith("_CHECK"))
                .findFirst()
                .orElseThrow();
        assertThat(graph.type()).isEqualTo("string");
        assertThat(graph.value())
            .startsWith("\"\\u000a\\u0005\\\"x\\\"yyy")
            .endsWith("of 3005 bytes")
            .hasSizeLessThan(300);
      }
    }
  }

  @Test
  void partitionedVariablesAreJoined() {
    Tensor whole = Saved.random(DataType.FLOAT, 3, 4, 6, 2);
    Path v1 = folder.resolve("v1");
    Path v2 = folder.resolve("v2");
    Saved.Slice[] slices = {
      columns(whole, 0, 1), columns(whole, 1, 3), columns(whole, 4, 2),
    };
    Saved.v1Slices(v1, slices);
    Saved.v2Slices(v2, slices);
    for (Path path : List.of(v1, v2)) {
      try (WeightStore store = WeightStore.open(path)) {
        assertThat(store.names()).containsExactly("w");
        assertThat(bytes(store, "w")).isEqualTo(Saved.bytes(whole));
        assertThat(store.get("w").shape().dims()).containsExactly(4, 6, 2);
        ByteBuffer part = ByteBuffer.allocate(100);
        store.get("w").read(20, part);
        assertThat(part.array()).isEqualTo(Arrays.copyOfRange(Saved.bytes(whole), 20, 120));
      }
    }
  }

  private static Saved.Slice columns(Tensor whole, int start, int length) {
    ByteBuffer from = whole.bytes();
    Tensor part = Tensor.allocate(DataType.FLOAT, 4, length, 2);
    ByteBuffer to = part.bytes();
    for (int row = 0; row < 4; row++) {
      to.put(from.slice((row * 6 + start) * 8, length * 8));
    }
    return new Saved.Slice("w", "4 6 2 -:" + start + "," + length + ":-", part);
  }
}
