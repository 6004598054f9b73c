package dev.graft.weights.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.DType;
import dev.graft.weights.Golden;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.Shape;
import dev.graft.weights.TestFiles;
import dev.graft.weights.UnsafeWeightsException;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightFormat;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.WeightWriter;
import dev.graft.weights.WeightsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyFolderTest {
  private static final byte[] NPY =
      TestFiles.npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }", (byte) 7);

  @TempDir Path temporary;

  private Path folder(String... files) throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("weights"));
    for (String file : files) {
      Files.createDirectories(folder.resolve(file).getParent());
      TestFiles.write(folder, file, file.endsWith(".npy") ? NPY : new byte[] {1});
    }
    return folder;
  }

  private static void assertRefused(
      Path folder, Class<? extends WeightsException> type, String message) {
    assertThatThrownBy(() -> WeightStore.open(folder))
        .isInstanceOf(type)
        .hasMessageStartingWith(folder + ": ")
        .hasMessageContaining(message);
  }

  private static void assertMalformed(Path folder, String message) {
    assertRefused(folder, MalformedWeightsException.class, message);
  }

  private List<String> beside() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static WeightStore store(String... names) {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    for (String name : names) {
      arrays.put(name, WeightArrays.of(new float[] {name.length()}, 1));
    }
    return WeightStores.of(arrays, "made");
  }

  @Test
  void pathsAreNames() throws IOException {
    Path folder =
        folder(
            "b/c.npy",
            "b/c%2Fd.npy",
            "a.npy",
            "b.npy",
            "%.npy",
            ".hidden",
            ".git/config",
            "README",
            "README.md",
            "vgg.manifest.json",
            "README.npy");
    assertThat(WeightFormat.of(folder).name()).isEqualTo("npy folder");
    try (WeightStore store = WeightStore.open(folder)) {
      assertThat(store.names()).containsExactly("", "README", "a", "b", "b/c", "b/c/d");
      assertThat(Golden.bytes(store.get("b/c"))).containsExactly(7);
      assertThat(store.get("b/c").region().orElseThrow().file())
          .isEqualTo(folder.resolve("b/c.npy"));
    }
  }

  @Test
  void whatIsNoArray() throws IOException {
    Path folder = folder("a/b.npy", "a/notes.txt");
    assertMalformed(folder, "\"a/notes.txt\" is no .npy file; all files of the folder have to be");
    Files.delete(folder.resolve("a/notes.txt"));
    Path objects = TestFiles.write(folder, "o.npy", TestFiles.dictionary("N."));
    assertThatThrownBy(() -> WeightStore.open(folder))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessageStartingWith(objects + ": holds pickled objects");
    Files.delete(objects);
    TestFiles.write(folder, "50%.npy", NPY);
    assertMalformed(folder, "\"50%.npy\" has a % that is not followed by the two digits");
    Files.delete(folder.resolve("50%.npy"));
    TestFiles.write(folder, "a%2fb.npy", NPY);
    assertMalformed(folder, "is a second array of the name \"a/b\"");
    Files.delete(folder.resolve("a%2fb.npy"));
    Files.createDirectories(folder.resolve("d/".repeat(16)));
    assertMalformed(folder, "is a folder in 16 others, which is too deep");
  }

  @Test
  void linksMustStayInside() throws IOException {
    Path folder = folder("a.npy");
    Path outside = TestFiles.write(temporary, "outside.npy", NPY);
    Path link = folder.resolve("link.npy");
    Files.createSymbolicLink(link, Path.of("a.npy"));
    try (WeightStore store = WeightStore.open(folder)) {
      assertThat(store.names()).containsExactly("a", "link");
    }
    Files.delete(link);
    Files.createSymbolicLink(link, outside);
    assertRefused(
        folder, UnsafeWeightsException.class, "\"link.npy\" is a link that leaves the folder");
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("gone"));
    assertMalformed(folder, "\"link.npy\" is a link that leads nowhere");
    Files.delete(link);
    Files.createSymbolicLink(folder.resolve("loop"), folder);
    assertMalformed(folder, "\"loop\" is no .npy file");
    Files.delete(folder.resolve("loop"));
    Files.createSymbolicLink(folder.resolve("loop.npy"), folder);
    assertMalformed(folder, "\"loop.npy\" is no regular file");
  }

  @Test
  void foldersWithoutArraysAreNotTaken() throws IOException {
    Path folder = folder("a/b.txt", ".hidden/c.npy");
    assertMalformed(folder, "is a folder, but not one that holds weights");
  }

  @Test
  void sameBitsComeBack() throws IOException {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    for (DType dtype : List.of(DType.BOOL, DType.FLOAT16, DType.INT64, DType.COMPLEX128)) {
      for (Shape shape : List.of(Shape.of(), Shape.of(0), Shape.of(2, 3))) {
        byte[] elements = new byte[(int) shape.elementCount() * dtype.byteSize()];
        elements = elements.length == 0 ? elements : fill(elements);
        arrays.put(
            dtype + "/" + shape.rank() + "/" + shape.elementCount(),
            WeightArrays.of(dtype, shape, ByteBuffer.wrap(elements)));
      }
    }
    arrays.put("conv1_1[0]", WeightArrays.of(new float[] {1}, 1));
    arrays.put("conv1_1[0]/../.hidden//x.npy/", WeightArrays.of(new float[] {2}, 1));
    Path folder = temporary.resolve("out");
    WeightWriter.write(folder, WeightStores.of(arrays, "made"));
    assertThat(beside()).containsExactly("out");
    try (WeightStore store = WeightStore.open(folder)) {
      assertThat(store.names()).containsExactlyElementsOf(new TreeSet<>(arrays.keySet()));
      arrays.forEach(
          (name, expected) -> {
            assertThat(store.get(name).dtype()).isEqualTo(expected.dtype());
            assertThat(store.get(name).shape()).isEqualTo(expected.shape());
            assertThat(Golden.bytes(store.get(name))).isEqualTo(Golden.bytes(expected));
          });
    }
  }

  private static byte[] fill(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 37);
    }
    return bytes;
  }

  @Test
  void filesAreThoseOfPlainNpy() throws IOException {
    WeightStore store = store("a/b");
    Path folder = temporary.resolve("out");
    WeightWriter.container("npy-folder").write(folder, store, bytes -> {});
    Path plain = temporary.resolve("plain.npy");
    WeightWriter.writePlain(plain, store.get("a/b"), bytes -> {});
    assertThat(folder.resolve("a/b.npy")).hasSameBinaryContentAs(plain);
  }

  @Test
  void anOldFolderIsReplacedWhole() throws IOException {
    Path folder = folder("old/a.npy", "b.npy", "vgg.manifest.json");
    WeightWriter.write(folder, store("new"));
    try (WeightStore store = WeightStore.open(folder)) {
      assertThat(store.names()).containsExactly("new");
    }
    Files.delete(folder.resolve("new.npy"));
    WeightWriter.write(folder, store("again"));
    assertThat(folder.resolve("again.npy")).exists();
    assertThat(beside()).containsExactly("weights");
  }

  private void assertNotReplaced(Path destination, String message) {
    assertThatThrownBy(
            () -> WeightWriter.container("npy-folder").write(destination, store("n"), b -> {}))
        .isInstanceOf(WeightsException.class)
        .hasMessageStartingWith(destination + ": is not replaced: ")
        .hasMessageContaining(message);
  }

  @Test
  void nothingElseIsReplaced() throws IOException {
    Path folder = folder("a.npy", ".git/config");
    assertNotReplaced(folder, "it holds more than .npy files");
    Files.delete(folder.resolve(".git/config"));
    Files.delete(folder.resolve(".git"));
    TestFiles.write(folder, "README.md", "mine");
    assertNotReplaced(folder, "\"README.md\" is no .npy file");
    Files.delete(folder.resolve("README.md"));
    Files.delete(folder.resolve("a.npy"));
    Files.createDirectory(folder.resolve("sub"));
    assertNotReplaced(folder, "it holds no .npy files");
    assertNotReplaced(TestFiles.write(temporary, "file", "mine"), "it is no folder");
    Files.createSymbolicLink(temporary.resolve("link"), folder);
    assertNotReplaced(temporary.resolve("link"), "it is no folder");
    assertThat(beside()).containsExactly("file", "link", "weights");
  }

  @Test
  void aFailureLeavesTheOldFolderAndNothingElse() throws IOException {
    Path folder = folder("a.npy");
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
            throw new IllegalStateException("gone");
          }
        };
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    arrays.put("sub/first", WeightArrays.of(1L));
    arrays.put("x", failing);
    assertThatThrownBy(() -> WeightWriter.write(folder, WeightStores.of(arrays, "made")))
        .hasMessage("gone");
    try (WeightStore store = WeightStore.open(folder)) {
      assertThat(store.names()).containsExactly("a");
    }
    assertThat(beside()).containsExactly("weights");
  }

  @Test
  void whatCannotBeWritten() throws IOException {
    Path folder = temporary.resolve("out");
    WeightStore brain =
        WeightStores.of(
            Map.of("b", WeightArrays.of(DType.BFLOAT16, Shape.of(1), ByteBuffer.allocate(2))),
            "made");
    assertThatThrownBy(() -> WeightWriter.write(folder, brain))
        .hasMessageContaining("array \"b\" cannot be written: numpy has no dtype bfloat16");
    assertThatThrownBy(() -> WeightWriter.write(folder, store("x".repeat(252))))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("a file name of 256 bytes would be needed, 255 are allowed");
    assertThatThrownBy(() -> WeightWriter.write(folder, store("a/".repeat(16))))
        .hasMessageContaining("its name has 17 parts, at most 16 become folders");
    assertThatThrownBy(() -> WeightWriter.write(folder, store("\udc00")))
        .hasMessageContaining("its name has half a surrogate pair");
    assertThatThrownBy(() -> WeightWriter.write(folder, store()))
        .hasMessage(folder + ": 0 arrays, a folder of .npy files has 1 to 50000");
    Path nowhere = temporary.resolve("missing/out");
    assertThatThrownBy(() -> WeightWriter.write(nowhere, store("a")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(nowhere + ": cannot be written: its folder does not exist");
    assertThat(beside()).isEmpty();
    WeightWriter.write(folder, store("x".repeat(251)));
    assertThat(beside()).containsExactly("out");
  }

  @Test
  void namesThatChooseAFolder() throws IOException {
    Path existing = Files.createDirectory(temporary.resolve("vgg.v2"));
    for (Path path : List.of(existing, temporary.resolve("vgg16"), Path.of("out/vgg"))) {
      assertThat(WeightWriter.container(path).name()).isEqualTo("npy-folder");
    }
    assertThat(WeightWriter.container(temporary.resolve("a.npz")).name()).isEqualTo("npz");
    assertThatThrownBy(() -> WeightWriter.container(temporary.resolve("a.v2")))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("no container has this extension")
        .hasMessageEndingWith("a folder of .npy files for a name without an extension");
  }

  @Test
  void progressCountsTheArraysBytes() {
    List<Long> told = new ArrayList<>();
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    arrays.put("a", WeightArrays.of(new float[300_000], 300_000));
    arrays.put("b", WeightArrays.of(new float[10], 10));
    WeightWriter.write(temporary.resolve("p"), WeightStores.of(arrays, "made"), told::add);
    assertThat(told).containsExactly(1_048_576L, 1_200_000L, 1_200_040L);
  }
}
