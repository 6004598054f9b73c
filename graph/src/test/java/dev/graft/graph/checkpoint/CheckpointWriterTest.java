package dev.graft.graph.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.capi.CheckpointReader;
import dev.graft.capi.DataType;
import dev.graft.capi.Tensor;
import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.WeightWriter;
import dev.graft.weights.WeightsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is what TensorFlow writes, and reads. */
class CheckpointWriterTest {
  @TempDir Path folder;

  private static WeightStore store(Map<String, WeightArray> arrays) {
    return WeightStores.of(arrays, "test");
  }

  private static WeightArray random(DType dtype, int seed, long... dims) {
    Shape shape = Shape.of(dims);
    byte[] bytes = new byte[(int) shape.elementCount() * dtype.byteSize()];
    new Random(seed).nextBytes(bytes);
    if (dtype == DType.BOOL) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] &= 1;
      }
    }
    return WeightArrays.of(dtype, shape, ByteBuffer.wrap(bytes));
  }

  private static byte[] bytes(WeightArray array) {
    ByteBuffer buffer = ByteBuffer.allocate((int) array.byteSize());
    array.read(0, buffer);
    return buffer.array();
  }

  @Test
  void tensorFlowReadsWhatIsWritten() {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    for (DType dtype : DType.values()) {
      if (ElementType.of(dtype).isEmpty()) {
        continue;
      }
      arrays.put("z/" + dtype, random(dtype, arrays.size(), 3, 7));
    }
    arrays.put("scalar", random(DType.FLOAT64, 50));
    arrays.put("empty", random(DType.FLOAT32, 51, 2, 0));
    arrays.put("größe", random(DType.FLOAT32, 52, 1, 1, 1, 2));
    Path prefix = folder.resolve("x.ckpt");
    List<Long> progress = new ArrayList<>();
    WeightWriter.write(prefix, store(arrays), progress::add);
    assertThat(progress.get(progress.size() - 1)).isEqualTo(WeightWriter.totalBytes(store(arrays)));
    try (WeightStore back = WeightStore.open(prefix);
        CheckpointReader reader = new CheckpointReader(prefix.toString())) {
      assertThat(reader.names()).containsExactlyInAnyOrderElementsOf(arrays.keySet());
      assertThat(back.names()).isSorted().hasSize(arrays.size());
      arrays.forEach(
          (name, array) -> {
            assertThat(back.get(name).dtype()).isEqualTo(array.dtype());
            assertThat(back.get(name).shape()).isEqualTo(array.shape());
            assertThat(bytes(back.get(name))).as(name).isEqualTo(bytes(array));
            assertThat(back.get(name).region().orElseThrow().offset() % 64).isZero();
            if (array.dtype().toString().startsWith("float8")) {
              return;
            }
            try (Tensor tensor = reader.read(name)) {
              assertThat(tensor.shape()).isEqualTo(array.shape().dims());
              assertThat(Saved.bytes(tensor)).as(name).isEqualTo(bytes(array));
            }
          });
    }
  }

  @Test
  void theSameBytesAsTensorFlow() throws IOException {
    // More than a block of the index, and more than a restart; all sizes are multiples of 64.
    Map<String, Tensor> tensors = new TreeMap<>();
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    for (int i = 1499; i >= 0; i--) {
      String name = "layer" + i % 50 + "/" + "scope/".repeat(i % 40) + i;
      tensors.put(name, Saved.random(DataType.FLOAT, i, 2, 8));
    }
    tensors.forEach(
        (name, tensor) ->
            arrays.put(
                name,
                WeightArrays.of(
                    DType.FLOAT32, Shape.of(2, 8), ByteBuffer.wrap(Saved.bytes(tensor)))));
    Saved.v2(folder.resolve("theirs"), tensors);
    WeightWriter.write(folder.resolve("ours.index"), store(arrays));
    for (String end : List.of(".index", ".data-00000-of-00001")) {
      assertThat(Files.readAllBytes(folder.resolve("ours" + end)))
          .as(end)
          .isEqualTo(Files.readAllBytes(folder.resolve("theirs" + end)));
    }
  }

  @Test
  void replacesAndLeavesNothingElse() throws IOException {
    Path prefix = folder.resolve("x.ckpt");
    WeightWriter.write(prefix, store(Map.of("a", random(DType.FLOAT32, 1, 5))));
    WeightArray second = random(DType.FLOAT32, 2, 6);
    WeightWriter.write(prefix, store(Map.of("b", second)));
    try (WeightStore back = WeightStore.open(prefix)) {
      assertThat(back.names()).containsExactly("b");
      assertThat(bytes(back.get("b"))).isEqualTo(bytes(second));
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(Path::getFileName).map(Path::toString))
          .containsExactlyInAnyOrder("x.ckpt.index", "x.ckpt.data-00000-of-00001");
    }
  }

  @Test
  void anEmptyStore() {
    Path prefix = folder.resolve("none.ckpt");
    WeightWriter.write(prefix, store(Map.of()));
    try (WeightStore back = WeightStore.open(prefix)) {
      assertThat(back.names()).isEmpty();
    }
  }

  @Test
  void whatCannotBeWritten() throws IOException {
    WeightArray array = random(DType.FLOAT32, 1, 1);
    for (String name : List.of("", "a\0b", "\ud800", "n".repeat(8193))) {
      assertThatThrownBy(
              () -> WeightWriter.write(folder.resolve("x.ckpt"), store(Map.of(name, array))))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("x.ckpt: a checkpoint cannot hold the name \"");
    }
    WeightArray small = random(DType.FLOAT8_E8M0, 1, 1);
    assertThatThrownBy(
            () -> WeightWriter.write(folder.resolve("x.ckpt"), store(Map.of("a", small))))
        .isInstanceOf(WeightsException.class)
        .hasMessageEndingWith("x.ckpt: TensorFlow has no float8_e8m0fnu, the dtype of \"a\"");
    assertThatThrownBy(
            () -> WeightWriter.write(folder.resolve(".index"), store(Map.of("a", array))))
        .isInstanceOf(WeightsException.class)
        .hasMessageEndingWith("expected a prefix before .index");
    Path taken = Files.writeString(folder.resolve("taken.ckpt"), "x");
    assertThatThrownBy(() -> WeightWriter.write(taken, store(Map.of("a", array))))
        .isInstanceOf(WeightsException.class)
        .hasMessageStartingWith(taken + ": is a file or folder, where a V2 checkpoint");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(taken);
    }
  }
}
