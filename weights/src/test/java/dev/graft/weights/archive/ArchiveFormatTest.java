package dev.graft.weights.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.graft.weights.Golden;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.TestFiles;
import dev.graft.weights.UnsafeWeightsException;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightFormat;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightsException;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.TemporaryPaths;
import dev.graft.weights.zip.ZipDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveFormatTest {
  private static final byte[] NPY =
      TestFiles.npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }", (byte) 7);
  private static final byte[] NONE = new byte[0];

  @TempDir Path folder;

  /** What {@link #goesWithTheProcess} runs in a process of its own. */
  public static final class NeverClosed {
    private NeverClosed() {}

    public static void main(String[] args) {
      WeightStore store = WeightStore.open(Path.of(args[0]));
      System.out.print(store.get(store.names().get(0)).region().orElseThrow().file());
    }
  }

  @AfterEach
  void nothingStaysBehind() {
    assertThat(TemporaryPaths.anyIn(Path.of(System.getProperty("java.io.tmpdir")))).isFalse();
  }

  private static Map<String, byte[]> entries(Object... namesAndContents) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (int i = 0; i < namesAndContents.length; i += 2) {
      entries.put((String) namesAndContents[i], (byte[]) namesAndContents[i + 1]);
    }
    return entries;
  }

  private Path zip(boolean deflated, Map<String, byte[]> entries) {
    return TestFiles.write(folder, "a.zip", Zips.zip(deflated, entries));
  }

  private static void assertRefused(
      Path file, Class<? extends WeightsException> type, String... messageParts) {
    assertThatThrownBy(() -> WeightStore.open(file))
        .isInstanceOf(type)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContainingAll(messageParts)
        .message()
        .doesNotContain("graft-weights-");
  }

  private void assertMalformed(Map<String, byte[]> entries, String... messageParts) {
    assertRefused(zip(true, entries), MalformedWeightsException.class, messageParts);
  }

  private void assertUnsafe(Map<String, byte[]> entries, String... messageParts) {
    assertRefused(zip(true, entries), UnsafeWeightsException.class, messageParts);
  }

  private static byte[] golden(String name) throws IOException {
    return Files.readAllBytes(Golden.file(name));
  }

  private static void assertSameArrays(WeightStore store, String golden) {
    try (WeightStore truth = WeightStore.open(Golden.file(golden))) {
      assertThat(store.names()).containsExactlyElementsOf(truth.names());
      assertThat(store.others()).isEqualTo(truth.others());
      for (String name : truth.names()) {
        assertThat(store.contains(name)).isTrue();
        assertThat(Golden.bytes(store.get(name))).isEqualTo(Golden.bytes(truth.get(name)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"torchvision.safetensors", "slim_py3.npy", "head.npz"})
  void oneStoredFileIsUsedInPlace(String golden) throws IOException {
    // An .npy at the start would make it an npz.
    Path file =
        zip(
            false,
            entries(
                "README.txt",
                NONE,
                "v/",
                NONE,
                "v/" + golden,
                golden(golden),
                "v/.DS_Store",
                NONE,
                "__MACOSX/v/._x",
                NONE,
                "v/x.manifest.json",
                NONE));
    assertThat(WeightFormat.of(file).name()).isEqualTo("zip");
    try (WeightStore store = WeightStore.open(file)) {
      assertSameArrays(store, golden);
      assertThat(store.source()).isEqualTo(file + ": entry \"v/" + golden + "\"");
      for (String name : store.names()) {
        assertThat(store.get(name).region().orElseThrow().file()).isEqualTo(file);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"torchvision.safetensors", "slim_py3.npy", "head.npz"})
  void oneDeflatedFileIsExtracted(String golden) throws IOException {
    Path file = zip(true, entries("v/", NONE, "v/" + golden, golden(golden)));
    Path extracted;
    ByteBuffer view;
    byte[] bytes;
    try (WeightStore store = WeightStore.open(file)) {
      assertSameArrays(store, golden);
      assertThat(store.source()).isEqualTo(file.toString());
      WeightArray array = store.get(store.names().get(0));
      extracted = array.region().orElseThrow().file();
      assertThat(extracted).exists();
      view = array.view().orElseThrow();
      bytes = Golden.bytes(array);
    }
    assertThat(extracted).doesNotExist();
    assertThat(view).isEqualTo(ByteBuffer.wrap(bytes));
  }

  @Test
  void shardsInAFolderOfTheArchive() {
    byte[] shard =
        safetensors("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}", 2);
    Map<String, byte[]> entries =
        entries(
            "model/config.json", TestFiles.latin1("{}"),
            "model/m.safetensors.index.json",
                TestFiles.latin1("{\"weight_map\":{\"a\":\"m-1.safetensors\"}}"),
            "model/m-1.safetensors", shard);
    for (boolean deflated : new boolean[] {false, true}) {
      Path file = zip(deflated, entries);
      try (WeightStore store = WeightStore.open(file)) {
        assertThat(store.source()).isEqualTo(file.toString());
        assertThat(store.names()).containsExactly("a");
        assertThat(Golden.bytes(store.get("a"))).containsExactly(0, 0);
      }
    }
    entries.remove("model/m-1.safetensors");
    assertMalformed(
        entries,
        "a.zip: model/m.safetensors.index.json: the shard \"m-1.safetensors\" is not there");
  }

  private static byte[] safetensors(String header, int dataBytes) {
    return ByteBuffer.allocate(8 + header.length() + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length())
        .put(TestFiles.latin1(header))
        .array();
  }

  @Test
  void aFolderOfNpy() {
    Path file = zip(true, entries("w/", NONE, "w/b%20/x.npy", NPY, "w/a.npy", NPY));
    try (WeightStore store = WeightStore.open(file)) {
      assertThat(store.names()).containsExactly("a", "b /x");
      assertThat(Golden.bytes(store.get("b /x"))).containsExactly(7);
    }
    Map<String, byte[]> broken =
        entries("w/", NONE, "w/a.npy", NPY, "w/b.npy", Arrays.copyOf(NPY, NPY.length - 1));
    assertMalformed(broken, "a.zip: w/b.npy: truncated");
    broken.put("w/notes.txt", NONE);
    assertMalformed(broken, "a.zip: w: \"notes.txt\" is no .npy file");
  }

  @Test
  void theWeightsOfAWholeKerasModel() throws IOException {
    Path weights = Golden.file("../edge/hdf5/keras3.weights.h5");
    byte[] json = TestFiles.latin1("{}");
    for (boolean deflated : new boolean[] {false, true}) {
      Path file =
          zip(
              deflated,
              entries(
                  "metadata.json", json,
                  "config.json", json,
                  "model.weights.h5", Files.readAllBytes(weights)));
      try (WeightStore store = WeightStore.open(file);
          WeightStore alone = WeightStore.open(weights)) {
        assertThat(store.names()).isNotEmpty().isEqualTo(alone.names());
        String name = store.names().get(0);
        assertThat(Golden.bytes(store.get(name))).isEqualTo(Golden.bytes(alone.get(name)));
      }
    }
  }

  @Test
  void whatHoldsNoWeights() {
    assertMalformed(entries("README", NONE), "the archive holds no file");
    assertMalformed(entries("folder/", NONE), "the archive holds no file");
    assertMalformed(
        entries("a.txt", TestFiles.latin1("hello")), "a.zip: a.txt: unknown content", "hello");
    assertMalformed(entries("a.txt", NONE), "a.zip: a.txt: the file is empty");
    assertMalformed(
        entries("a.txt", NONE, "b.txt", NONE), "is a folder, but not one that holds weights");
    assertMalformed(
        entries("a.txt", NONE, "m.safetensors", safetensors("{}", 0)),
        "is a folder, but not one that holds weights");
    Path stored = zip(false, entries("a.safetensors", safetensors("{}", 3)));
    assertRefused(
        stored, MalformedWeightsException.class, "entry \"a.safetensors\": 3 trailing bytes");
  }

  @Test
  void archivesInArchives() {
    byte[] inner = Zips.zip(true, entries("a.safetensors", safetensors("{}", 0)));
    assertMalformed(entries("inner.zip", inner), "entry \"inner.zip\" is a zip archive in a zip");
    Path stored = zip(false, entries("inner.zip", inner));
    assertRefused(stored, MalformedWeightsException.class, "is a zip archive in a zip archive");
    assertMalformed(
        entries("x/inner.zip", inner, "x/a.npy", NPY), "entry \"x/inner.zip\" is a zip archive");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "archive/data.pkl",
        "vgg/data.pkl",
        "vgg/version",
        "vgg/byteorder",
        "vgg/.format_version",
        "vgg/.storage_alignment",
        "vgg/constants.pkl",
        "vgg/code/__torch__.py",
        "x.npy",
      })
  void archivesOfOtherKinds(String firstEntry) {
    byte[] zip = Zips.zip(true, entries(firstEntry, NPY));
    ByteBuffer head = ByteBuffer.wrap(Arrays.copyOf(zip, Math.min(4096, zip.length)));
    assertThat(new ArchiveFormat().matches(folder, head)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil.npy", "a/../../evil.npy", "a/..", "/etc/evil.npy", "//evil", "a//b.npy", "./a.npy",
        "a\\..\\evil.npy", "C:evil.npy", "C:/evil.npy", "a\u0000.npy", "a\n.npy", "../", "/",
      })
  void pathsThatLeadElsewhere(String name) {
    assertUnsafe(entries("a.txt", NONE, name, NPY), "entry \"", ": refused");
    assertUnsafe(entries("a/", NONE, name, NPY), "entry \"", ": refused");
    assertThat(folder.resolveSibling("evil.npy")).doesNotExist();
  }

  @Test
  void pathsThatAreTooLong() {
    assertUnsafe(entries("a/".repeat(32) + "b", NONE), "has a path of more than 32 parts");
    assertUnsafe(entries("a".repeat(256), NONE), "has a name of more than 255 bytes in its path");
    assertUnsafe(
        entries(("a".repeat(100) + "/").repeat(21) + "b", NONE), "has a path of more than 2048");
  }

  @Test
  void pathsThatAreTheSame() {
    assertUnsafe(
        entries("w/", NONE, "w/a.npy", NPY, "w/A.npy", NPY), "\"w/A.npy\" has the same path");
    assertUnsafe(entries("w/", NONE, "w/a", NPY, "W/A/b.npy", NPY), "has the same path");
    assertUnsafe(entries("w/", NONE, "w/a/b", NPY, "w/A", NPY), "has the same path");
    byte[] zip = Zips.zip(false, entries("w/", NONE, "w/x.npy", NPY, "w/y.npy", NPY));
    String twice = new String(zip, StandardCharsets.ISO_8859_1).replace("y.npy", "x.npy");
    assertRefused(
        TestFiles.write(folder, "twice.zip", twice),
        UnsafeWeightsException.class,
        "\"w/x.npy\" has the same path");
  }

  @Test
  void links() {
    byte[] zip = Zips.zip(false, entries("w/", NONE, "w/a.npy", NPY));
    ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int directory = bytes.getInt(zip.length - 22 + 16);
    int second = directory + 46 + 2;
    bytes.putInt(second + 38, 0120777 << 16);
    assertRefused(
        TestFiles.write(folder, "link.zip", zip),
        UnsafeWeightsException.class,
        "entry \"w/a.npy\" is a link or a device: refused");
    bytes.putInt(second + 38, 0100644 << 16);
    try (WeightStore store = WeightStore.open(TestFiles.write(folder, "file.zip", zip))) {
      assertThat(Golden.bytes(store.get("w/a"))).containsExactly(7);
    }
  }

  @Test
  void bombs() {
    byte[] zip = Zips.zip(true, entries("w.h5", new byte[8_000_000]));
    ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int directory = bytes.getInt(zip.length - 22 + 16);
    bytes.putInt(directory + 24, 8_000_001);
    assertRefused(
        TestFiles.write(folder, "less.zip", zip),
        MalformedWeightsException.class,
        "entry \"w.h5\": inflates to 8000000 bytes, expected 8000001");
    bytes.putInt(directory + 24, 7_999_999);
    assertRefused(
        TestFiles.write(folder, "more.zip", zip),
        MalformedWeightsException.class,
        "entry \"w.h5\": inflates to more than the expected 7999999 bytes");
  }

  @Test
  void archivesMadeToFillTheDisk() {
    byte[] noise = new byte[3_000_000];
    new Random(10).nextBytes(noise);
    byte[] zip = Zips.zip(true, entries("w.h5", noise));
    ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(bytes.getInt(zip.length - 22 + 16) + 24, 2_000_000_000);
    Path file = TestFiles.write(folder, "wide.zip", zip);
    assertRefused(
        file,
        MalformedWeightsException.class,
        "claims to expand from " + zip.length + " to 2000000000 bytes, more than 100 times");
    try (MappedFile archive = MappedFile.open(zip(true, entries("w.h5", noise)))) {
      assertThatThrownBy(
              () -> new Extraction(archive).checkRoom(ZipDirectory.read(archive), 1L << 28))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("cannot be extracted: it has 3000000 bytes, the disk of")
          .hasMessageEndingWith("has 268435456 free, of which 268435456 are left alone");
    }
  }

  @Test
  void checksumsOfExtractedFiles() {
    for (boolean deflated : new boolean[] {false, true}) {
      byte[] zip = Zips.zip(deflated, entries("w/", NONE, "w/a.npy", NPY, "w/b/c.npy", NPY));
      String text = new String(zip, StandardCharsets.ISO_8859_1);
      ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
      int directory = bytes.getInt(zip.length - 22 + 16);
      int second = directory + 46 + 2;
      bytes.put(second + 16, (byte) (bytes.get(second + 16) ^ 1));
      if (!deflated) {
        int local = text.indexOf("w/a.npy") - 30;
        bytes.put(local + 14, (byte) (bytes.get(local + 14) ^ 1));
      }
      assertRefused(
          TestFiles.write(folder, deflated + ".zip", zip),
          MalformedWeightsException.class,
          "entry \"w/a.npy\": checksum (CRC-32)");
    }
  }

  @Test
  void whateverHappensToAnArchive() throws IOException {
    byte[] zip =
        Zips.zip(
            true,
            entries(
                "w/README", NONE,
                "w/a.npy", NPY,
                "w/b/c.npy", NPY));
    for (int length = 0; length < zip.length; length += 3) {
      Path file = TestFiles.write(folder, "cut" + length, Arrays.copyOf(zip, length));
      assertThatThrownBy(() -> WeightStore.open(file))
          .as("cut to %d bytes", length)
          .isInstanceOf(MalformedWeightsException.class)
          .hasMessageStartingWith(file + ": ");
    }
    Random random = new Random(9);
    for (int at = 0; at < zip.length; at += 3) {
      byte[] flipped = zip.clone();
      flipped[at] ^= (byte) (1 << random.nextInt(8));
      Path file = TestFiles.write(folder, "flipped" + at, flipped);
      try (WeightStore store = WeightStore.open(file)) {
        for (String name : store.names()) {
          Golden.bytes(store.get(name));
        }
      } catch (WeightsException e) {
        assertThat(e.getMessage()).startsWith(file + ": ");
      } catch (RuntimeException | Error e) {
        fail("bit flipped in byte " + at, e);
      }
    }
  }

  @Test
  void goesWithTheProcess() throws IOException, InterruptedException {
    Path file = zip(true, entries("w/", NONE, "w/a.npy", NPY));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                NeverClosed.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String extracted = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(extracted).contains("graft-weights-").endsWith("a.npy");
    assertThat(Path.of(extracted)).doesNotExist();
  }
}
