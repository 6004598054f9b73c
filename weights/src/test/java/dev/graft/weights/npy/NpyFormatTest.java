package dev.graft.weights.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.DType;
import dev.graft.weights.Golden;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.Shape;
import dev.graft.weights.TestFiles;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyFormatTest {
  private static final String VALID = "{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }";

  @TempDir Path folder;

  private WeightStore open(byte[] bytes) {
    return WeightStore.open(TestFiles.write(folder, "a.npy", bytes));
  }

  private void assertRefused(byte[] bytes, String... messageParts) {
    assertThatThrownBy(() -> open(bytes))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessageStartingWith(folder.resolve("a.npy") + ": ")
        .hasMessageContainingAll(messageParts);
  }

  private void assertHeaderRefused(String header, String... messageParts) {
    assertRefused(TestFiles.npy(header, (byte) 1, (byte) 2, (byte) 3, (byte) 4), messageParts);
  }

  @Test
  void aPlainFileIsOneArrayNamedByTheFile() {
    try (WeightStore store = open(TestFiles.npy(VALID, (byte) 1, (byte) 2, (byte) 3, (byte) 4))) {
      assertThat(store.names()).containsExactly("a");
      assertThat(store.source()).isEqualTo(folder.resolve("a.npy").toString());
      WeightArray array = store.get("a");
      assertThat(array.dtype()).isEqualTo(DType.INT16);
      assertThat(array.shape()).isEqualTo(Shape.of(2));
      assertThat(Golden.bytes(array)).containsExactly(1, 2, 3, 4);
      assertThat(array.region().orElseThrow())
          .isEqualTo(new WeightArray.FileRegion(folder.resolve("a.npy"), 10 + 58, 4));
      assertThat(array.view().orElseThrow().getShort(0)).isEqualTo((short) 0x0201);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'shape': (2L,), 'fortran_order': False, 'descr': '<i2'}",
        "{'descr': '<i2', 'fortran_order': False, 'shape': ( 2L , ), }",
        "{ \"descr\" : \"=i2\" ,'fortran_order':True,'shape':( 2 , ) }   ",
      })
  void otherSpellingsOfTheSameHeader(String header) {
    try (WeightStore store = open(TestFiles.npy(header, (byte) 1, (byte) 2, (byte) 3, (byte) 4))) {
      assertThat(store.get("a").shape()).isEqualTo(Shape.of(2));
      assertThat(Golden.bytes(store.get("a"))).containsExactly(1, 2, 3, 4);
    }
  }

  @Test
  void longIntegersOfPython2() {
    String header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2L, 1L, 2L)}";
    try (WeightStore store = open(TestFiles.npy(header, (byte) 1, (byte) 2, (byte) 3, (byte) 4))) {
      assertThat(store.get("a").shape()).isEqualTo(Shape.of(2, 1, 2));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void laterVersionsHaveFourBytesOfLength(int version) {
    byte[] first = TestFiles.npy(VALID, (byte) 1, (byte) 2, (byte) 3, (byte) 4);
    byte[] bytes = new byte[first.length + 2];
    System.arraycopy(first, 0, bytes, 0, 10);
    System.arraycopy(first, 10, bytes, 12, first.length - 10);
    bytes[6] = (byte) version;
    try (WeightStore store = open(bytes)) {
      assertThat(Golden.bytes(store.get("a"))).containsExactly(1, 2, 3, 4);
    }
    bytes[14] = (byte) 0xe9;
    assertRefused(bytes, version == 3 ? "the header is not UTF-8 text" : "unknown key");
  }

  @Test
  void bigEndianAndFortranOrderAreConverted() {
    byte[] elements = {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6};
    String header = "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }";
    try (WeightStore store = open(TestFiles.npy(header, elements))) {
      WeightArray array = store.get("a");
      assertThat(Golden.bytes(array)).containsExactly(1, 0, 3, 0, 5, 0, 2, 0, 4, 0, 6, 0);
      assertThat(array.view()).isEmpty();
      assertThat(array.region()).isEmpty();
      ByteBuffer middle = ByteBuffer.allocate(9).position(1).limit(7);
      array.read(4, middle);
      assertThat(middle.position()).isEqualTo(7);
      assertThat(middle.array()).containsExactly(0, 5, 0, 2, 0, 4, 0, 0, 0);
    }
  }

  @Test
  void scalarsAndEmptyArrays() {
    try (WeightStore scalar =
        open(TestFiles.npy("{'descr': '|u1', 'fortran_order': False, 'shape': ()}", (byte) 7))) {
      assertThat(scalar.get("a").shape()).isEqualTo(Shape.of());
      assertThat(Golden.bytes(scalar.get("a"))).containsExactly(7);
    }
    try (WeightStore empty =
        open(TestFiles.npy("{'descr': '>f8', 'fortran_order': True, 'shape': (3, 0, 2)}"))) {
      assertThat(empty.get("a").shape()).isEqualTo(Shape.of(3, 0, 2));
      assertThat(Golden.bytes(empty.get("a"))).isEmpty();
    }
  }

  @Test
  void lengthMustBeExact() {
    byte[] valid = TestFiles.npy(VALID, (byte) 1, (byte) 2, (byte) 3, (byte) 4);
    assertRefused(
        Arrays.copyOf(valid, valid.length - 1),
        "truncated: ends at byte 71",
        "the 4 bytes of its int16 [2] elements reach to byte 72");
    assertRefused(
        Arrays.copyOf(valid, valid.length + 3),
        "3 trailing bytes",
        "end at byte 72, the file at byte 75");
  }

  @Test
  void arraysOneAfterTheOther() {
    byte[] first = TestFiles.npy(VALID, (byte) 1, (byte) 2, (byte) 3, (byte) 4);
    byte[] second =
        TestFiles.npy(
            "{'descr': '>i2', 'fortran_order': False, 'shape': (1,), }", (byte) 9, (byte) 8);
    byte[] empty = TestFiles.npy("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 0), }");
    byte[] all = join(first, empty, second);
    try (WeightStore store = open(all)) {
      assertThat(store.names()).containsExactly("a[0]", "a[1]", "a[2]");
      assertThat(Golden.bytes(store.get("a[0]"))).containsExactly(1, 2, 3, 4);
      assertThat(store.get("a[1]").shape()).isEqualTo(Shape.of(3, 0));
      assertThat(Golden.bytes(store.get("a[2]"))).containsExactly(8, 9);
    }
    String place = ": array 1, from byte " + first.length + " on: ";
    assertRefused(
        Arrays.copyOf(join(first, second), first.length + second.length - 1),
        place + "truncated: ends at byte");
    assertRefused(join(first, second, new byte[7]), place + "7 trailing bytes");
    assertRefused(join(first, new byte[7]), "a.npy: 7 trailing bytes");
    assertRefused(
        Arrays.copyOf(join(first, second), first.length + 6), place + "truncated: ends at byte 6");
    byte[] objects = TestFiles.dictionary("N.");
    assertRefused(
        join(first, objects), place + "holds pickled objects", "where the file has nothing else");
  }

  private static byte[] join(byte[]... parts) {
    ByteBuffer all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(part -> part.length).sum());
    for (byte[] part : parts) {
      all.put(part);
    }
    return all.array();
  }

  @Test
  void cutAtEveryByteOfTheHeader() {
    byte[] valid = TestFiles.npy(VALID, (byte) 1, (byte) 2, (byte) 3, (byte) 4);
    for (int length = 6; length < valid.length; length++) {
      assertRefused(Arrays.copyOf(valid, length), "truncated: ends at byte " + length);
    }
  }

  @Test
  void versionAndHeaderLength() {
    byte[] version = TestFiles.npy(VALID);
    version[6] = 4;
    assertRefused(version, "npy format 4.0, expected 1.0, 2.0 or 3.0");
    byte[] minor = TestFiles.npy(VALID);
    minor[7] = 1;
    assertRefused(minor, "npy format 1.1");
    byte[] length = TestFiles.npy(VALID);
    length[9] = 1;
    assertRefused(length, "truncated", "inside the header, which reaches to byte");
    byte[] wide = new byte[100_000];
    System.arraycopy(
        TestFiles.latin1("\u0093NUMPY\u0002\u0000\u0000\u0000\u0001\u0000"), 0, wide, 0, 12);
    assertRefused(wide, "header of 65536 bytes, expected at most 65535");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "['descr']                                              | has no '{'",
        "{'descr': '<i2', 'fortran_order': False}               | has no key 'shape'",
        "{'descr': '<i2', 'shape': (2,)}                        | has no key 'fortran_order'",
        "{'fortran_order': False, 'shape': (2,)}                | has no key 'descr'",
        "{'descr': '<i2', 'descr': '<i2'}                       | has the key 'descr' twice",
        "{'shape': (2,), 'shape': (2,)}                         | has the key 'shape' twice",
        "{'descr': '<i2', 'colour': 1}                          | has the unknown key \"colour\"",
        "{'descr' '<i2'}                                        | has no ':'",
        "{'descr': '<i2' 'shape': (2,)}                         | has no ','",
        "{'descr': '<i2', 'fortran_order': False, 'shape': (2,) | has no ','",
        "{'descr': '<i2', 'fortran_order': False, 'shape': (2,)} x | something after",
        "{descr: '<i2'}                                         | has no string",
        "{'descr: <i2}                                          | string without an end",
        "{'de\\x73cr': '<i2'}                                   | has an escape",
        "{'descr': [('x', '<i2')]}                              | has a structured dtype of the fields \"x\", which",
        "{'descr': [('a', '<f4'), ('b', [('c', '<u2')])]}       | fields \"a\", \"b\", \"c\", which",
        "{'fortran_order': 1}                                   | neither True nor False",
        "{'shape': 2}                                           | has no '('",
        "{'shape': (2)}                                         | has a shape that is no tuple",
        "{'shape': (2 3)}                                       | has no comma",
        "{'shape': (-2,)}                                       | no whole number",
        "{'shape': (2.0,)}                                      | has no comma",
        "{'shape': (02,)}                                       | leading zero",
        "{'shape': (,)}                                         | no whole number",
        "{'shape': (99999999999999999999,)}                     | does not fit a long",
        "{'shape': (9223372036854775807, 3)}                    | more elements than fit a long",
      })
  void headerErrors(String header, String message) {
    assertHeaderRefused(header, message, "the npy header");
  }

  @ParameterizedTest
  @ValueSource(strings = {"<U3", "|S4", "<M8[s]", "<f16", "<f3", ">V2", "f4", "|f4", "", "<", "?"})
  void otherDtypesAreRefusedByName(String descr) {
    assertHeaderRefused(
        "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (2,)}",
        "dtype \"" + descr + "\" is not one of the numeric dtypes");
  }

  @Test
  void moreHeaderErrors() {
    assertHeaderRefused(
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2305843009213693952,)}",
        "more bytes than any file can");
    assertHeaderRefused(
        "{'descr': '<f8', 'fortran_order': False, 'shape': (" + "1,".repeat(65) + ")}",
        "65 dimensions");
    byte[] unterminated = TestFiles.npy(VALID, (byte) 1, (byte) 2, (byte) 3, (byte) 4);
    unterminated[67] = ' ';
    assertRefused(unterminated, "does not end with a newline");
    assertHeaderRefused(
        "{'descr': '|O', 'fortran_order': False, 'shape': (3,)}",
        "an object array of shape [3], expected one of shape ()");
  }

  /** The file is sparse: five gibibytes that take no room. */
  @Test
  void arraysOfMoreThanTwoGibibytes() throws IOException {
    long size = 5L << 30;
    byte[] header =
        TestFiles.npy("{'descr': '|u1', 'fortran_order': False, 'shape': (" + size + ",)}");
    Path file = TestFiles.write(folder, "large.npy", header);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(header.length + size);
      for (long at : new long[] {(1L << 31) - 3, (3L << 30) + 1, size - 1}) {
        sparse.seek(header.length + at);
        sparse.write(42);
      }
    }
    try (WeightStore store = WeightStore.open(file)) {
      WeightArray array = store.get("large");
      assertThat(array.byteSize()).isEqualTo(size);
      assertThat(array.view()).isEmpty();
      assertThat(array.region().orElseThrow().length()).isEqualTo(size);
      ByteBuffer five = ByteBuffer.allocate(5);
      array.read((1L << 31) - 5, five);
      assertThat(five.array()).containsExactly(0, 0, 42, 0, 0);
      array.read(3L << 30, five.clear());
      assertThat(five.array()).containsExactly(0, 42, 0, 0, 0);
      array.read(size - 5, five.clear());
      assertThat(five.array()).containsExactly(0, 0, 0, 0, 42);
      assertThatThrownBy(() -> array.read(size - 4, five.clear()))
          .isInstanceOf(IllegalArgumentException.class);
    }
    Files.delete(file);
  }

  @Test
  void closedStoresSayThatTheyAreClosed() {
    WeightStore store = open(TestFiles.npy(VALID, (byte) 1, (byte) 2, (byte) 3, (byte) 4));
    WeightArray array = store.get("a");
    ByteBuffer view = array.view().orElseThrow();
    store.close();
    store.close();
    assertThatThrownBy(() -> array.read(0, ByteBuffer.allocate(2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(array::view).isInstanceOf(IllegalStateException.class);
    assertThat(view.get(3)).isEqualTo((byte) 4);
  }
}
