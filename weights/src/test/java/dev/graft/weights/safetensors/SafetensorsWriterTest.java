package dev.graft.weights.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.DType;
import dev.graft.weights.Golden;
import dev.graft.weights.Shape;
import dev.graft.weights.TestFiles;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
  private static final List<Shape> SHAPES =
      List.of(Shape.of(5), Shape.of(), Shape.of(2, 0, 3), Shape.of(3, 1, 4, 2), Shape.of(0));

  @TempDir Path folder;

  private static Map<String, WeightArray> everyKind() {
    Random random = new Random(6);
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    for (DType dtype : DType.values()) {
      if (dtype != DType.COMPLEX128) {
        for (Shape shape : SHAPES) {
          byte[] elements = new byte[(int) shape.elementCount() * dtype.byteSize()];
          random.nextBytes(elements);
          arrays.put(dtype + " " + shape, WeightArrays.of(dtype, shape, ByteBuffer.wrap(elements)));
        }
      }
    }
    arrays.put("", WeightArrays.of(1L));
    arrays.put("\u0000\n\"\\/\u5927\ud83d\ude00", WeightArrays.of(2L));
    return arrays;
  }

  @Test
  void sameBitsInTheSameOrderComeBack() throws IOException {
    Map<String, WeightArray> arrays = everyKind();
    Path file = folder.resolve("all.safetensors");
    WeightWriter.write(file, WeightStores.of(arrays, "made"));
    try (WeightStore store = WeightStore.open(file)) {
      assertThat(store.names()).containsExactlyElementsOf(arrays.keySet());
      arrays.forEach(
          (name, expected) -> {
            WeightArray array = store.get(name);
            assertThat(array.dtype()).isEqualTo(expected.dtype());
            assertThat(array.shape()).isEqualTo(expected.shape());
            assertThat(Golden.bytes(array)).as(name).isEqualTo(Golden.bytes(expected));
            long offset = array.region().orElseThrow().offset();
            assertThat(offset % array.dtype().byteSize()).as(name).isZero();
          });
    }
    byte[] first = Files.readAllBytes(file);
    WeightWriter.write(file, WeightStores.of(arrays, "made"));
    assertThat(Files.readAllBytes(file)).isEqualTo(first);
  }

  @Test
  void elementsBeginAtAMultipleOf64WhereSizesAllow() {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    arrays.put("odd", WeightArrays.of(new float[3], 3));
    arrays.put("even", WeightArrays.of(new float[64], 64));
    arrays.put("empty", WeightArrays.of(new float[0], 0));
    arrays.put("also even", WeightArrays.of(new float[16], 16));
    Path file = folder.resolve("aligned.safetensors");
    WeightWriter.write(file, WeightStores.of(arrays, "made"));
    try (WeightStore store = WeightStore.open(file)) {
      for (String name : store.names()) {
        assertThat(store.get(name).region().orElseThrow().offset() % 64).as(name).isZero();
      }
    }
  }

  /** The bytes that the format's description asks for. */
  @Test
  void aFileByteForByte() throws IOException {
    Path file = folder.resolve("small.safetensors");
    WeightWriter.write(
        file, WeightStores.of(Map.of("x", WeightArrays.of(new float[] {1, 2}, 2)), "made"));
    String header = "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    String expected =
        "8\0\0\0\0\0\0\0" + header + " ".repeat(56 - header.length()) + "\0\0\u0080?\0\0\0@";
    assertThat(Files.readAllBytes(file)).isEqualTo(TestFiles.latin1(expected));
  }

  @Test
  void anEmptyStore() {
    Path file = folder.resolve("empty.safetensors");
    WeightWriter.write(file, WeightStores.of(Map.of(), "made"));
    try (WeightStore store = WeightStore.open(file)) {
      assertThat(store.names()).isEmpty();
    }
  }

  @Test
  void progressCountsTheArraysBytes() {
    List<Long> told = new ArrayList<>();
    WeightArray array = WeightArrays.of(new float[300_000], 300_000);
    WeightWriter.write(
        folder.resolve("p.safetensors"), WeightStores.of(Map.of("a", array), "made"), told::add);
    assertThat(told).containsExactly(1_048_576L, 1_200_000L);
  }

  private void assertNotWritten(String name, WeightArray array, String message) throws IOException {
    Path file = TestFiles.write(folder, "kept.safetensors", "old");
    assertThatThrownBy(() -> WeightWriter.write(file, WeightStores.of(Map.of(name, array), "made")))
        .isInstanceOf(WeightsException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message);
    assertThat(Files.readString(file)).isEqualTo("old");
  }

  @Test
  void whatCannotBeWritten() throws IOException {
    assertNotWritten(
        "c",
        WeightArrays.of(DType.COMPLEX128, Shape.of(1), ByteBuffer.allocate(16)),
        "array \"c\" cannot be written: safetensors has no dtype complex128");
    WeightArray array = WeightArrays.of(1L);
    assertNotWritten("__metadata__", array, "safetensors keeps this name for itself");
    assertNotWritten("\ud800", array, "its name has half a surrogate pair");
    assertNotWritten("n".repeat(4097), array, "its name has more than 4096 bytes");
  }
}
