package dev.graft.weights.npz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.Golden;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.TestFiles;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzFormatTest {
  private static final byte[] NPY =
      TestFiles.npy(
          "{'descr': '|u1', 'fortran_order': False, 'shape': (4,), }",
          (byte) 1,
          (byte) 2,
          (byte) 3,
          (byte) 4);

  @TempDir Path folder;

  private WeightStore open(byte[] bytes) {
    return WeightStore.open(TestFiles.write(folder, "a.npz", bytes));
  }

  private void assertRefused(byte[] bytes, String... messageParts) {
    assertThatThrownBy(() -> open(bytes))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessageStartingWith(folder.resolve("a.npz") + ": ")
        .hasMessageContainingAll(messageParts);
  }

  private static byte[] zip(boolean deflated, byte[] content, String... names) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String name : names) {
        ZipEntry entry = new ZipEntry(name);
        if (!deflated) {
          CRC32 crc = new CRC32();
          crc.update(content);
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(content.length);
          entry.setCrc(crc.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static ByteBuffer edit(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Where the central directory begins. */
  private static int directory(byte[] zip) {
    return edit(zip).getInt(zip.length - 22 + 16);
  }

  @Test
  void storedEntriesAreUsedInPlace() {
    byte[] zip = zip(false, NPY, "x.npy", "dir/y.npy");
    try (WeightStore store = open(zip)) {
      assertThat(store.names()).containsExactly("x", "dir/y");
      WeightArray array = store.get("dir/y");
      WeightArray.FileRegion region = array.region().orElseThrow();
      assertThat(Arrays.copyOfRange(zip, (int) region.offset(), (int) region.offset() + 4))
          .containsExactly(1, 2, 3, 4);
      assertThat(Golden.bytes(array)).containsExactly(1, 2, 3, 4);
    }
  }

  /**
   * Java's writer cannot know the sizes of deflated entries before: it puts them after the data.
   */
  @Test
  void deflatedEntriesWithSizesAfterTheData() {
    try (WeightStore store = open(zip(true, NPY, "x.npy"))) {
      WeightArray array = store.get("x");
      assertThat(array.region()).isEmpty();
      assertThat(Golden.bytes(array)).containsExactly(1, 2, 3, 4);
      assertThat(array.view().orElseThrow().get(3)).isEqualTo((byte) 4);
    }
  }

  @Test
  void largeDeflatedEntriesAreMappedFromATemporaryFile() {
    byte[] elements = new byte[3_000_000];
    elements[2_999_999] = 9;
    byte[] npy =
        TestFiles.npy("{'descr': '|u1', 'fortran_order': False, 'shape': (3000000,)}", elements);
    try (WeightStore store = open(zip(true, npy, "x.npy"))) {
      assertThat(Golden.bytes(store.get("x"))).isEqualTo(elements);
      assertThat(store.get("x").view().orElseThrow().isDirect()).isTrue();
    }
  }

  @Test
  void threadsShareOneInflation() throws InterruptedException, ExecutionException {
    byte[] elements = new byte[200_000];
    Arrays.fill(elements, (byte) 5);
    byte[] npy =
        TestFiles.npy("{'descr': '|u1', 'fortran_order': False, 'shape': (200000,)}", elements);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (WeightStore store = open(zip(true, npy, "x.npy"))) {
      List<Callable<byte[]>> readers = Collections.nCopies(16, () -> Golden.bytes(store.get("x")));
      for (Future<byte[]> read : threads.invokeAll(readers)) {
        assertThat(read.get()).isEqualTo(elements);
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void anArchiveWithoutEntriesIsAnEmptyStore() {
    try (WeightStore store = open(zip(true, NPY))) {
      assertThat(store.names()).isEmpty();
    }
  }

  @Test
  void namesAreOnlyNames() {
    String absurd = "../../etc/\u0007\"" + "x".repeat(300);
    try (WeightStore store = open(zip(true, NPY, absurd + ".npy"))) {
      assertThat(store.names()).containsExactly(absurd);
    }
    byte[] broken = zip(true, TestFiles.latin1("no npy"), absurd + ".npy");
    assertRefused(broken, "entry \"../../etc/\\u0007\\\"xxx", "... (316 characters): truncated");
  }

  @Test
  void entriesThatAreNoArrays() {
    assertRefused(zip(true, NPY, "x.npy", "readme.txt"), "entry \"readme.txt\" is no .npy");
    assertRefused(zip(false, TestFiles.dictionary("N."), "x.npy"), "holds pickled objects");
    assertRefused(
        zip(false, Arrays.copyOf(NPY, NPY.length - 1), "x.npy"),
        "entry \"x.npy\": truncated: ends at byte 71");
    assertRefused(
        zip(true, Arrays.copyOf(NPY, NPY.length + 1), "x.npy"),
        "entry \"x.npy\": 1 trailing bytes");
  }

  @Test
  void duplicates() {
    byte[] zip = zip(false, NPY, "x.npy", "y.npy");
    String text = new String(zip, StandardCharsets.ISO_8859_1);
    assertRefused(
        TestFiles.latin1(text.replace("y.npy", "x.npy")), "entry \"x.npy\" is there twice");
  }

  @Test
  void localHeadersMustAgree() {
    byte[] name = zip(false, NPY, "x.npy");
    name[30] = 'y';
    assertRefused(name, "entry \"x.npy\" has another name in its local header at byte 0");
    byte[] method = zip(false, NPY, "x.npy");
    method[8] = 8;
    assertRefused(method, "another compression method");
    byte[] crc = zip(false, NPY, "x.npy");
    crc[14]++;
    assertRefused(crc, "another checksum");
    byte[] size = zip(false, NPY, "x.npy");
    size[22]++;
    assertRefused(size, "another size");
    byte[] flags = zip(false, NPY, "x.npy");
    flags[6] ^= 2;
    assertRefused(flags, "another flags");
  }

  @Test
  void centralDirectoryErrors() {
    byte[] zip = zip(false, NPY, "x.npy");
    int at = directory(zip);
    byte[] encrypted = zip.clone();
    encrypted[at + 8] |= 1;
    assertRefused(encrypted, "is encrypted or patched (flags 0x0801)");
    byte[] method = zip.clone();
    method[at + 10] = 12;
    assertRefused(method, "has compression method 12, expected 0 (stored) or 8 (deflated)");
    byte[] sizes = zip.clone();
    sizes[at + 24]++;
    assertRefused(sizes, "is stored, but has 72 bytes in the file for 73");
    byte[] offset = zip.clone();
    edit(offset).putInt(at + 42, at);
    assertRefused(offset, "has its local header at byte " + at + ", inside the directory");
    byte[] disk = zip.clone();
    disk[at + 34] = 1;
    assertRefused(disk, "is on another disk");
    byte[] reach = zip.clone();
    edit(reach).putInt(at + 20, 1 << 20).putInt(at + 24, 1 << 20);
    assertRefused(reach, "has 1048576 bytes from byte 35 on, but the central directory begins at");
    byte[] signature = zip.clone();
    signature[at] = 0;
    assertRefused(signature, "entry 0 of the central directory is missing");
    byte[] longName = zip.clone();
    longName[at + 29] = 1;
    assertRefused(longName, "is longer than the directory");
  }

  @Test
  void endRecordErrors() {
    byte[] zip = zip(false, NPY, "x.npy");
    assertRefused(Arrays.copyOf(zip, zip.length - 1), "ends at byte " + (zip.length - 1));
    byte[] trailing = Arrays.copyOf(zip, zip.length + 1);
    assertRefused(trailing, "without the end record");
    byte[] moved = zip.clone();
    moved[zip.length - 22 + 16]++;
    assertRefused(moved, "the end record says that the directory of 1 entries is at bytes");
    byte[] fewer = zip(false, NPY, "x.npy", "y.npy");
    fewer[fewer.length - 22 + 8] = 1;
    fewer[fewer.length - 22 + 10] = 1;
    assertRefused(fewer, "bytes after its last entry");
  }

  @Test
  void entriesMayNotShareBytes() {
    byte[] zip = zip(false, NPY, "x.npy", "y.npy");
    int second = directory(zip) + 46 + 5;
    // Both entries of the directory point to the first local header.
    edit(zip).putInt(second + 42, 0);
    assertRefused(zip, "entry \"y.npy\" has another name in its local header");
    zip[second + 46] = 'x';
    assertRefused(zip, "entries \"x.npy\" and \"x.npy\" overlap at byte 0");
  }

  @Test
  void deflatedBytesAreCheckedWhenUsed() {
    byte[] elements = new byte[100_000];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (byte) ((i * i) >> 3);
    }
    byte[] npy =
        TestFiles.npy("{'descr': '|u1', 'fortran_order': False, 'shape': (100000,)}", elements);
    byte[] zip = zip(true, npy, "x.npy");
    byte[] crc = zip.clone();
    crc[directory(zip) + 16] ^= 1;
    try (WeightStore store = open(crc)) {
      WeightArray array = store.get("x");
      assertThatThrownBy(() -> Golden.bytes(array))
          .isInstanceOf(MalformedWeightsException.class)
          .hasMessageContaining("entry \"x.npy\": checksum (CRC-32)");
    }
    byte[] bomb = zip.clone();
    edit(bomb).putInt(directory(zip) + 24, Integer.MAX_VALUE);
    assertRefused(bomb, "claims to inflate from", "more than deflate can");
    byte[] longer = zip(true, npy, "x.npy");
    edit(longer).putInt(directory(zip) + 24, npy.length - 1);
    assertRefused(longer, "truncated: ends at byte");
  }

  /** Sizes and offsets of zip64, which numpy writes for every entry's local header. */
  @Test
  void zip64() {
    byte[] plain = zip(false, NPY, "x.npy");
    int directory = directory(plain);
    int directorySize = plain.length - 22 - directory;
    ByteBuffer wide =
        ByteBuffer.allocate(directory + directorySize + 4 + 24 + 56 + 20 + 22)
            .order(ByteOrder.LITTLE_ENDIAN);
    wide.put(plain, 0, directory + directorySize);
    wide.putInt(directory + 20, -1).putInt(directory + 24, -1).putInt(directory + 42, -1);
    wide.putShort(directory + 30, (short) 28);
    wide.putShort((short) 1).putShort((short) 24);
    wide.putLong(NPY.length).putLong(NPY.length).putLong(0);
    int end = wide.position();
    wide.putInt(0x06064b50).putLong(44).putInt(0).putInt(0).putInt(0);
    wide.putLong(1).putLong(1).putLong(end - directory).putLong(directory);
    wide.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
    wide.putInt(0x06054b50).putInt(0).putInt(-1).putInt(-1).putInt(-1).putShort((short) 0);
    try (WeightStore store = open(wide.array())) {
      assertThat(Golden.bytes(store.get("x"))).containsExactly(1, 2, 3, 4);
    }
    wide.putLong(end + 32, 2);
    assertRefused(wide.array(), "the zip64 end record at byte " + end + " contradicts");
    wide.putLong(wide.capacity() - 22 - 12, -5);
    assertRefused(wide.array(), "the zip64 locator points to byte 18446744073709551611");
  }
}
