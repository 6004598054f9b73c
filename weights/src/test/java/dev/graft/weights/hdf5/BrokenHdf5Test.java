package dev.graft.weights.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.Golden;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.TestFiles;
import dev.graft.weights.WeightStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One wrong field at a time: the message says what and where. */
class BrokenHdf5Test {
  private static final String TREE = "TREE";

  @TempDir Path folder;

  /** A file with other bytes (characters up to U+00FF) some way after the nth such text. */
  private Path patched(String original, String text, int nth, int offset, String latin1) {
    byte[] bytes = Hdf5Files.bytes(original);
    byte[] patch = TestFiles.latin1(latin1);
    int at = Hdf5Files.find(bytes, text, nth) + offset;
    System.arraycopy(patch, 0, bytes, at, patch.length);
    return TestFiles.write(folder, "broken.h5", bytes);
  }

  private static void assertMalformed(Path file, String message) {
    assertThatThrownBy(() -> WeightStore.open(file))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "8, 4, superblock of version 4, expected 0 to 3",
    "13, 3, addresses of 3 bytes, expected 2, 4 or 8",
    "14, 0, lengths of 0 bytes, expected 2, 4 or 8",
    "43, 1, 'truncated: ends at byte 13904, but its superblock says byte 16791120'",
    "70, 1, 'header of 1 bytes at byte 281474976710752 is not inside the file of 13904 bytes'",
  })
  void superblock(int at, int value, String message) {
    Path file = patched("keras2.h5", "\u0089HDF", 0, at, String.valueOf((char) value));
    assertMalformed(file, message);
  }

  @Test
  void emptyRestOfSuperblock() {
    Path file = TestFiles.write(folder, "short.h5", "\u0089HDF\r\n\u001a\n");
    assertMalformed(file, "superblock ends after 0 more bytes, inside a field of 1");
  }

  @ParameterizedTest
  @CsvSource({
    "TREE, 0, 0, X, 'B-tree node begins with 58 52 45 45, expected \"TREE\"'",
    "TREE, 0, 4, '\u0001', 'B-tree node of type 1 and level 0'",
    "TREE, 0, 5, '!', 'B-tree node of type 0 and level 33'",
    "TREE, 0, 6, '\u00ff\u00ff', 'B-tree node''s children of 1048560 bytes at byte'",
    "HEAP, 0, 0, X, 'local heap begins with 58 45 41 50, expected \"HEAP\"'",
    "HEAP, 0, 4, '\u0001', 'local heap of version 1, expected 0'",
    "HEAP, 0, 12, '\u0001', 'local heap''s names of 4294967384 bytes at byte'",
    "SNOD, 0, 0, X, 'symbol table node begins with 58 4e 4f 44, expected \"SNOD\"'",
    "SNOD, 0, 4, '\u0002', 'symbol table node of version 2, expected 1'",
    "SNOD, 0, 8, '\u00ff\u007f', 'a name at 32767, beyond the local heap'",
    "SNOD, 0, 16, '\u0001', 'begins with'",
    "GCOL, 0, 0, X, 'global heap begins with 58 43 4f 4c, expected \"GCOL\"'",
    "GCOL, 0, 16, '\u0009', 'which has no such object'",
    "GCOL, 0, 24, '\u00ff\u00ff', 'beyond its collection'",
  })
  void structures(String text, int nth, int offset, String patch, String message) {
    assertMalformed(patched("keras2.h5", text, nth, offset, patch), message);
  }

  @Test
  void aLoopInAGroupsTree() {
    byte[] bytes = Hdf5Files.bytes("keras2.h5");
    long tree = Hdf5Files.find(bytes, TREE, 0);
    // The node is its own child: first of the level that it says, then one above a list.
    bytes[(int) tree + 5] = 1;
    for (int i = 0; i < 8; i++) {
      bytes[(int) tree + 32 + i] = (byte) (tree >> (8 * i));
    }
    assertMalformed(TestFiles.write(folder, "loop.h5", bytes), "B-tree node of type 0 and level 1");
  }

  @Test
  void entriesOutOfOrder() {
    Path file = patched("keras2.h5", "a_dense\0", 0, 0, "zz");
    assertMalformed(file, "symbol table entries are not in the order of their names");
  }

  @ParameterizedTest
  @CsvSource({"'/', 'link name \"z/conv\"'", "'\u00ff', 'has a text that is not UTF-8'"})
  void linkNames(String patch, String message) {
    assertMalformed(patched("keras2.h5", "z_conv\0", 0, 1, patch), message);
  }

  @Test
  void aFlippedBitOfANewStructureIsSeenByItsChecksum() {
    for (String structure : new String[] {"OHDR", "FRHP", "BTHD", "BTLF"}) {
      Path file = patched("latest.h5", structure, 0, 10, "\u0099");
      assertThatThrownBy(() -> WeightStore.open(file))
          .as(structure)
          .isInstanceOf(MalformedWeightsException.class)
          .hasMessageStartingWith(file + ": ");
    }
    assertMalformed(patched("latest.h5", "\u0089HDF", 0, 37, "\u0001"), "superblock has checksum ");
  }

  @Test
  void overlappingArrays() {
    byte[] bytes = Hdf5Files.bytes("keras2.h5");
    try (WeightStore store = WeightStore.open(Hdf5Files.file("keras2.h5"))) {
      long bias = store.get("z_conv/z_conv/bias:0").region().orElseThrow().offset();
      long kernel = store.get("z_conv/z_conv/kernel:0").region().orElseThrow().offset();
      // The kernel's own layout message: version 3, contiguous, its address.
      int at = Hdf5Files.find(bytes, "\u0003\u0001" + (char) (bias & 0xff), 0);
      assertThat(bytes[at + 3]).isEqualTo((byte) (bias >> 8));
      bytes[at + 2] = (byte) kernel;
      bytes[at + 3] = (byte) (kernel >> 8);
    }
    assertMalformed(
        TestFiles.write(folder, "overlap.h5", bytes),
        "the datasets \"z_conv/z_conv/bias:0\" and \"z_conv/z_conv/kernel:0\" overlap");
  }

  @ParameterizedTest
  @CsvSource({
    "gzip, 'its gzip bytes are broken'",
    "single_gzip, 'its gzip bytes are broken'",
    "fletcher, 'checksum '",
  })
  void brokenChunks(String name, String message) {
    byte[] bytes = Hdf5Files.bytes("chunked.h5");
    byte[] whole;
    try (WeightStore store = WeightStore.open(Hdf5Files.file("chunked.h5"))) {
      whole = Golden.bytes(store.get(name));
    }
    if (name.equals("fletcher")) {
      int at = Hdf5Files.find(bytes, new String(whole, 0, 24, StandardCharsets.ISO_8859_1), 0);
      bytes[at] ^= 1;
    } else {
      for (int i = 0; i + 1 < bytes.length; i++) {
        if (bytes[i] == 0x78 && bytes[i + 1] == 0x5e) {
          bytes[i] = 0x11;
        }
      }
    }
    Path file = TestFiles.write(folder, "chunks.h5", bytes);
    try (WeightStore store = WeightStore.open(file)) {
      assertThatThrownBy(() -> Golden.bytes(store.get(name)))
          .isInstanceOf(MalformedWeightsException.class)
          .hasMessageStartingWith(file + ": \"" + name + "\": ")
          .hasMessageContaining(message);
    }
  }

  @Test
  void chunksOutOfOrder() {
    byte[] bytes = Hdf5Files.bytes("chunked.h5");
    for (int at = 0; at < bytes.length - 4; at++) {
      // Leaves of chunk trees: the first key's first index.
      if (bytes[at] == 'T' && bytes[at + 1] == 'R' && bytes[at + 4] == 1) {
        bytes[at + 32] = 127;
      }
    }
    Path file = TestFiles.write(folder, "order.h5", bytes);
    try (WeightStore store = WeightStore.open(file)) {
      assertThatThrownBy(() -> Golden.bytes(store.get("plain")))
          .isInstanceOf(MalformedWeightsException.class)
          .hasMessageContaining("\"plain\": a chunk at index 127 of a dimension of 7");
    }
  }

  @Test
  void brokenLzf() {
    assertThatThrownBy(() -> Lzf.decode(new byte[] {5, 1, 2}, 100, "x"))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessage("x: its lzf bytes are broken at byte 1");
    assertThatThrownBy(() -> Lzf.decode(new byte[] {0, 1, 0x20, 9}, 100, "x"))
        .hasMessage("x: its lzf bytes are broken at byte 4");
    assertThatThrownBy(() -> Lzf.decode(new byte[] {(byte) 0xe0}, 100, "x"))
        .hasMessage("x: its lzf bytes are broken at byte 1");
    assertThat(Lzf.decode(new byte[] {0, 7, 0x20, 0}, 100, "x")).containsExactly(7, 7, 7, 7);
  }

  @Test
  void lookup3() {
    assertThat(Lookup3.hash(new byte[0], 0)).isEqualTo(0xdeadbeef);
    byte[] text = TestFiles.latin1("Four score and seven years ago");
    assertThat(Lookup3.hash(text, text.length)).isEqualTo(0x17770551);
  }
}
