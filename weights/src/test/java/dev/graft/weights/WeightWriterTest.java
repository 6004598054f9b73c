package dev.graft.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.io.BufferBytes;
import dev.graft.weights.io.StoredArray;
import dev.graft.weights.npy.NumpyType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightWriterTest {
  private static final List<Shape> SHAPES =
      List.of(Shape.of(), Shape.of(0), Shape.of(5), Shape.of(2, 0, 3), Shape.of(3, 1, 4, 2));

  @TempDir Path folder;

  /** Every dtype that numpy has, in every shape, byte order and memory order. */
  private static Map<String, WeightArray> everyKind() {
    Random random = new Random(3);
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    for (DType dtype : DType.values()) {
      for (Shape shape : SHAPES) {
        byte[] elements = new byte[(int) (shape.elementCount() * dtype.byteSize())];
        random.nextBytes(elements);
        for (boolean bigEndian : new boolean[] {false, true}) {
          for (boolean fortran : new boolean[] {false, true}) {
            if (NumpyType.code(dtype).isPresent()) {
              arrays.put(
                  dtype + " " + shape.rank() + "/" + shape.elementCount() + bigEndian + fortran,
                  new StoredArray(
                      new BufferBytes(ByteBuffer.wrap(elements)),
                      0,
                      dtype,
                      shape,
                      bigEndian,
                      fortran));
            }
          }
        }
      }
    }
    arrays.put("Größe/\u5927[x]", WeightArrays.of(new float[] {1}, 1));
    return arrays;
  }

  private static void assertSame(WeightStore actual, Map<String, WeightArray> expected) {
    assertThat(actual.names()).containsExactlyElementsOf(expected.keySet());
    for (String name : actual.names()) {
      WeightArray array = actual.get(name);
      assertThat(array.dtype()).as(name).isEqualTo(expected.get(name).dtype());
      assertThat(array.shape()).as(name).isEqualTo(expected.get(name).shape());
      assertThat(Golden.bytes(array)).as(name).isEqualTo(Golden.bytes(expected.get(name)));
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"all.npz", "all.npy", "ALL.NPZ"})
  void sameBitsComeBack(String name) throws IOException {
    Map<String, WeightArray> arrays = everyKind();
    Path file = folder.resolve(name);
    WeightWriter.write(file, WeightStores.of(arrays, "made"));
    try (WeightStore store = WeightStore.open(file)) {
      assertSame(store, arrays);
    }
    byte[] first = Files.readAllBytes(file);
    WeightWriter.write(file, WeightStores.of(arrays, "made"));
    assertThat(Files.readAllBytes(file)).isEqualTo(first);
    assertThat(files()).containsExactly(name);
  }

  @Test
  void plainArrays() {
    for (Map.Entry<String, WeightArray> entry : everyKind().entrySet()) {
      Path file = folder.resolve("plain.npy");
      WeightWriter.writePlain(file, entry.getValue(), bytes -> {});
      try (WeightStore store = WeightStore.open(file)) {
        assertSame(store, Map.of("plain", entry.getValue()));
      }
    }
  }

  @Test
  void aPlainFileIsByteForByteWhatNumpyWrites() throws IOException {
    Path file = folder.resolve("plain.npy");
    WeightWriter.writePlain(file, WeightArrays.of(new float[] {1, 2}, 2), bytes -> {});
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
    byte[] expected =
        TestFiles.npy(
            header + " ".repeat(117 - header.length()),
            new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40});
    assertThat(Files.readAllBytes(file)).isEqualTo(expected);
  }

  @Test
  void archivesHaveAlignedElements() {
    Path file = folder.resolve("aligned.npz");
    WeightWriter.write(file, WeightStores.of(everyKind(), "made"));
    try (WeightStore store = WeightStore.open(file)) {
      for (String name : store.names()) {
        assertThat(store.get(name).region().orElseThrow().offset() % 64).as(name).isZero();
      }
    }
  }

  @Test
  void elementsBecomeListsOrDictionaries() {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    for (String name : List.of("conv[0]", "conv[1]", "flat", "late[2]", "fc[0]", "a[01]")) {
      arrays.put(name, WeightArrays.of(new float[] {name.length()}, 1));
    }
    Path file = folder.resolve("grouped.npy");
    WeightWriter.write(file, WeightStores.of(arrays, "made"));
    try (WeightStore store = WeightStore.open(file)) {
      assertSame(store, arrays);
    }
    arrays.put("flat[0]", WeightArrays.of(1L));
    assertThatThrownBy(() -> WeightWriter.write(file, WeightStores.of(arrays, "made")))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("both an array \"flat\" and elements of that name");
  }

  private static WeightStore named(String... names) {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    for (String name : names) {
      arrays.put(name, WeightArrays.of(new float[] {name.length()}, 1));
    }
    return WeightStores.of(arrays, "made");
  }

  private String written(String container, WeightStore store) throws IOException {
    Path file = folder.resolve(container);
    WeightWriter.container(container).write(file, store, bytes -> {});
    try (WeightStore read = WeightStore.open(file)) {
      assertThat(read.names()).containsExactlyElementsOf(store.names());
    }
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  /** The three layouts of a dictionary; the same names come back from each. */
  @Test
  void dictionaryLayouts() throws IOException {
    WeightStore layers = named("conv[0]", "conv[1]", "fc[0]");
    assertThat(written("npy-flat", layers)).contains("conv[0]", "conv[1]", "fc[0]");
    String lists = written("npy-list", layers);
    assertThat(lists).doesNotContain("[0]").contains("conv", "fc");
    assertThat(lists).isEqualTo(written("npy", layers));
    String indexed = written("npy-dict", named("conv[0]", "conv[1]", "fc[3]"));
    assertThat(indexed).doesNotContain("[0]").contains("}X\u0004\0\0\0conv}J\0\0\0\0c");
    assertThat(written("npy-flat", named("a", "a[1]", "b/c:0"))).contains("a[1]", "b/c:0");
  }

  @Test
  void namesThatFitNoLayout() {
    assertLayoutRefused(
        "npy-list",
        "has names such as conv1_1[0], but these are not: \"b\", \"c[01]\"",
        "a[0]",
        "b",
        "c[01]");
    assertLayoutRefused(
        "npy-list",
        "without a gap, but these leave one: \"b[1]\", \"c[0]\", \"c[2]\"",
        "a[0]",
        "b[1]",
        "c[0]",
        "c[2]");
    assertLayoutRefused("npy-dict", "{layer: {0: kernel, 1: bias}} has names such as", "a[0]", "b");
    String[] many = new String[12];
    Arrays.setAll(many, i -> "n" + i);
    assertLayoutRefused("npy-dict", "\"n8\", \"n9\" and 2 more", many);
    assertLayoutRefused("npy", "both an array \"a\" and elements", "a", "a[0]");
    assertThat(folder).isEmptyDirectory();
  }

  private void assertLayoutRefused(String container, String message, String... names) {
    assertThatThrownBy(
            () ->
                WeightWriter.container(container)
                    .write(folder.resolve("x.npy"), named(names), bytes -> {}))
        .isInstanceOf(WeightsException.class)
        .hasMessageStartingWith(folder.resolve("x.npy") + ": ")
        .hasMessageContaining(message);
  }

  @Test
  void progressCountsTheArraysBytes() {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    arrays.put("a", WeightArrays.of(new float[300_000], 300_000));
    arrays.put("b", WeightArrays.of(new float[10], 10));
    WeightStore store = WeightStores.of(arrays, "made");
    for (String name : List.of("p.npz", "p.npy")) {
      List<Long> told = new ArrayList<>();
      WeightWriter.write(folder.resolve(name), store, told::add);
      assertThat(told).containsExactly(1_048_576L, 1_200_000L, 1_200_040L);
      assertThat(WeightWriter.totalBytes(store)).isEqualTo(1_200_040L);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"kept.npz", "kept.npy"})
  void aFailureLeavesTheOldFileAndNothingElse(String name) throws IOException {
    Path file = TestFiles.write(folder, name, "old");
    WeightArray failing =
        new WeightArray() {
          @Override
          public DType dtype() {
            return DType.FLOAT32;
          }

          @Override
          public Shape shape() {
            return Shape.of(1_000_000);
          }

          @Override
          public void read(long offset, ByteBuffer dst) {
            if (offset > 0) {
              throw new IllegalStateException("gone");
            }
            dst.position(dst.limit());
          }
        };
    WeightStore store = WeightStores.of(Map.of("x", failing), "made");
    assertThatThrownBy(() -> WeightWriter.write(file, store)).hasMessage("gone");
    assertThat(Files.readString(file)).isEqualTo("old");
    assertThat(files()).containsExactly(name);
  }

  @Test
  void whatCannotBeWritten() throws IOException {
    WeightStore store = WeightStores.of(Map.of("x", WeightArrays.of(1L)), "made");
    assertThatThrownBy(() -> WeightWriter.write(folder.resolve("x.txt"), store))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("no container has this extension")
        .hasMessageContaining(".npz, .npy");
    Path nowhere = folder.resolve("missing").resolve("x.npz");
    assertThatThrownBy(() -> WeightWriter.write(nowhere, store))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(nowhere + ": cannot be written: its folder does not exist");
    WeightArray brain = WeightArrays.of(DType.BFLOAT16, Shape.of(1), ByteBuffer.allocateDirect(2));
    WeightStore brains = WeightStores.of(Map.of("b", brain), "made");
    for (String name : List.of("b.npz", "b.npy")) {
      assertThatThrownBy(() -> WeightWriter.write(folder.resolve(name), brains))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("array \"b\" cannot be written: numpy has no dtype bfloat16");
    }
    assertThat(files()).isEmpty();
  }

  /** A store may be written over the file that it was read from. */
  @Test
  void overItself() throws IOException {
    Path file = folder.resolve("self.npz");
    Files.copy(Golden.file("head.npz"), file);
    try (WeightStore truth = WeightStore.open(Golden.file("head.npz"))) {
      try (WeightStore store = WeightStore.open(file)) {
        WeightWriter.write(file, store);
      }
      try (WeightStore store = WeightStore.open(file)) {
        for (String name : truth.names()) {
          assertThat(Golden.bytes(store.get(name))).isEqualTo(Golden.bytes(truth.get(name)));
        }
      }
    }
  }
}
