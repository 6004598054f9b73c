package dev.graft.weights.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.DType;
import dev.graft.weights.Golden;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightFormat;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.WeightWriter;
import dev.graft.weights.WeightsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written reads back, and twice the same bytes. */
class TorchWriterTest {
  @TempDir Path folder;

  private static WeightArray array(DType dtype, long... dims) {
    Shape shape = Shape.of(dims);
    ByteBuffer bytes = ByteBuffer.allocate((int) shape.elementCount() * dtype.byteSize());
    for (int i = 0; i < bytes.capacity(); i++) {
      bytes.put(i, (byte) (i % 2));
    }
    return WeightArrays.of(dtype, shape, bytes);
  }

  @Test
  void allDtypesAndShapesReadBack() throws IOException {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    for (DType dtype : DType.values()) {
      if (StorageType.of(dtype).isPresent()) {
        arrays.put("layer." + dtype, array(dtype, 2, 3));
      }
    }
    arrays.put("scalar", array(DType.FLOAT32));
    arrays.put("empty", array(DType.FLOAT32, 2, 0, 3));
    arrays.put("caf\u00e9 [0]", array(DType.INT64, 70_000));
    WeightStore store = WeightStores.of(arrays, "memory");
    Path file = folder.resolve("a.pth");
    WeightWriter.write(file, store);
    assertThat(WeightFormat.of(file).name()).isEqualTo("torch");
    try (WeightStore back = WeightStore.open(file)) {
      assertThat(back.names()).containsExactlyElementsOf(arrays.keySet()).hasSize(15);
      assertThat(back.others()).isEmpty();
      arrays.forEach(
          (name, array) -> {
            WeightArray read = back.get(name);
            assertThat(read.dtype()).as(name).isEqualTo(array.dtype());
            assertThat(read.shape()).as(name).isEqualTo(array.shape());
            assertThat(Golden.bytes(read)).as(name).isEqualTo(Golden.bytes(array));
            if (array.byteSize() > 0) {
              assertThat(read.region().orElseThrow().offset() % 64).as(name).isZero();
            }
          });
      Path again = folder.resolve("b.pt");
      WeightWriter.write(again, back);
      assertThat(Files.mismatch(file, again)).isEqualTo(-1);
    }
  }

  @Test
  void dtypesThatPyTorchLacks() {
    WeightStore store = WeightStores.of(Map.of("steps", array(DType.UINT32, 1)), "memory");
    Path file = folder.resolve("a.pth");
    assertThatThrownBy(() -> WeightWriter.write(file, store))
        .isInstanceOf(WeightsException.class)
        .hasMessage(
            file + ": array \"steps\" cannot be written: PyTorch has no storage of dtype uint32");
    assertThat(file).doesNotExist();
  }
}
