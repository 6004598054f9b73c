package dev.graft.weights.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.DType;
import dev.graft.weights.Golden;
import dev.graft.weights.OtherEntry;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.WeightWriter;
import dev.graft.weights.WeightsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files written: bytes that h5py has read, names and attributes by Keras' rules, refusals. */
class KerasH5WriterTest {
  /** In the order that check_written.py has. */
  private static final List<DType> DTYPES =
      Arrays.stream(DType.values()).filter(dtype -> !dtype.toString().contains("float8")).toList();

  @TempDir Path folder;

  private static WeightArray array(DType dtype, long... dims) {
    Shape shape = Shape.of(dims);
    byte[] bytes = new byte[(int) shape.elementCount() * dtype.byteSize()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (dtype == DType.BOOL ? i % 2 : i);
    }
    return WeightArrays.of(dtype, shape, ByteBuffer.wrap(bytes));
  }

  /** All dtypes, 0-d, empty and plain, in a layer each, and an array of no layer. */
  private static Map<String, WeightArray> everything() {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    for (DType dtype : DTYPES) {
      arrays.put(dtype + "/kernel:0", array(dtype, 2, 3));
      arrays.put(dtype + "/scalar", array(dtype));
      arrays.put(dtype + "/empty/of/" + dtype, array(dtype, 0, 4));
    }
    arrays.put("global_step", WeightArrays.of(17));
    arrays.put("caf\u00e9", array(DType.UINT8, 3));
    return arrays;
  }

  private Path write(String name, Map<String, WeightArray> arrays) {
    Path file = folder.resolve(name);
    WeightWriter.write(file, WeightStores.of(arrays, "test"));
    return file;
  }

  @Test
  void bytesAreThoseThatH5pyHasRead() throws IOException {
    Path file = write("all.h5", everything());
    assertThat(file).hasSameBinaryContentAs(Hdf5Files.file("written.h5"));
  }

  @Test
  void readsBackBitForBitUnderTheSameNames() {
    Map<String, WeightArray> arrays = everything();
    try (WeightStore store = WeightStore.open(write("all.hdf5", arrays))) {
      assertThat(store.names()).containsExactlyElementsOf(arrays.keySet());
      arrays.forEach(
          (name, array) -> {
            WeightArray read = store.get(name);
            assertThat(read.dtype()).as(name).isEqualTo(array.dtype());
            assertThat(read.shape()).as(name).isEqualTo(array.shape());
            assertThat(Golden.bytes(read)).as(name).isEqualTo(Golden.bytes(array));
            long offset = read.region().orElseThrow().offset();
            assertThat(read.byteSize() == 0 || offset % 64 == 0).as(name).isTrue();
          });
    }
  }

  @Test
  void kerasLayoutOfTheGoldenFile() {
    Path file = folder.resolve("again.h5");
    try (WeightStore golden = WeightStore.open(Golden.file("keras.h5"))) {
      WeightWriter.write(file, golden);
      try (WeightStore again = WeightStore.open(file)) {
        assertThat(again.names()).isEqualTo(golden.names());
        assertThat(again.others())
            .containsExactly(
                golden.others().stream()
                    .filter(entry -> entry.name().equals("layer_names"))
                    .findFirst()
                    .orElseThrow(),
                new OtherEntry("backend", "string", "\"tensorflow\""),
                new OtherEntry("keras_version", "string", "\"2.2.4\""));
        for (String name : golden.names()) {
          assertThat(Golden.bytes(again.get(name))).isEqualTo(Golden.bytes(golden.get(name)));
        }
      }
    }
  }

  @Test
  void layersKeepTheOrderOfTheirFirstArray() {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    for (String name : List.of("b/y", "step", "a/z", "b/x", "a/y")) {
      arrays.put(name, array(DType.INT8, 1));
    }
    try (WeightStore store = WeightStore.open(write("order.h5", arrays))) {
      assertThat(store.names()).containsExactly("b/y", "b/x", "a/z", "a/y", "step");
      assertThat(store.others()).contains(new OtherEntry("layer_names", "string [2]", "\"b, a\""));
    }
  }

  @Test
  void longListsAreSplitAsKerasSplitsThem() throws IOException {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    WeightArray one = array(DType.UINT8, 1);
    List<String> names = new ArrayList<>();
    IntStream.range(0, 5000).forEach(i -> names.add(String.format("layer_number_%04d/w:0", i)));
    names.forEach(name -> arrays.put(name, one));
    Path file = write("many.h5", arrays);
    String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
    // 5000 names of 17 bytes: two attributes, each below 64,512 bytes.
    assertThat(bytes).contains("layer_names0\0", "layer_names1\0").doesNotContain("layer_names2");
    try (WeightStore store = WeightStore.open(file)) {
      assertThat(store.names()).isEqualTo(names);
    }
  }

  @Test
  void nothingToWrite() {
    try (WeightStore store = WeightStore.open(write("none.h5", Map.of()))) {
      assertThat(store.names()).isEmpty();
      assertThat(store.others()).contains(new OtherEntry("layer_names", "string [0]", "\"\""));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'a//b', 'the part \"\" of its name cannot stand in a path of HDF5'",
    "'/a', 'the part \"\" of its name cannot stand in a path of HDF5'",
    "'a/', 'the part \"\" of its name cannot stand in a path of HDF5'",
    "'', 'the part \"\" of its name cannot stand in a path of HDF5'",
    "'a/./b', 'the part \".\" of its name cannot stand in a path of HDF5'",
    "'a\0b', 'the part \"a\\u0000b\" of its name cannot stand'",
    "'\ud800', 'its name is no Unicode text'",
    "layer, 'a group of other arrays is called so'",
    "layer/x/y, 'another array is called what has to be its group'",
  })
  void namesThatAreRefused(String name, String message) {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    arrays.put("layer/x", array(DType.INT8, 1));
    arrays.put(name, array(DType.INT8, 1));
    assertThatThrownBy(() -> write("refused.h5", arrays))
        .isInstanceOf(WeightsException.class)
        .hasMessageStartingWith(folder.resolve("refused.h5") + ": array \"")
        .hasMessageContaining(" cannot be written: " + message);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void typesAndSizesThatAreRefused() {
    Map<String, WeightArray> eight = Map.of("a", array(DType.FLOAT8_E5M2, 1));
    assertThatThrownBy(() -> write("refused.h5", eight))
        .hasMessageEndingWith("cannot be written: h5py and Keras have no dtype float8_e5m2");
    Map<String, WeightArray> deep = Map.of("a/".repeat(64) + "b", array(DType.INT8, 1));
    assertThatThrownBy(() -> write("refused.h5", deep))
        .hasMessageEndingWith("its name has more than 64 parts or 4096 bytes");
    Map<String, WeightArray> tall = Map.of("a", array(DType.INT8, new long[33]));
    assertThatThrownBy(() -> write("refused.h5", tall))
        .hasMessageEndingWith("HDF5 has at most 32 dimensions");
  }
}
