package dev.graft.weights.pickle;

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
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DictionaryNpyFormatTest {
  @TempDir Path folder;

  private WeightStore open(String pickle) {
    return WeightStore.open(TestFiles.write(folder, "a.npy", TestFiles.dictionary(pickle)));
  }

  private void assertRefused(String pickle, String... messageParts) {
    assertThatThrownBy(() -> open(pickle))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessageStartingWith(folder.resolve("a.npy") + ": ")
        .hasMessageContainingAll(messageParts);
  }

  private void assertValueRefused(String value, String... messageParts) {
    assertRefused(Pickles.entry("x", value), messageParts);
  }

  private byte[] read(String value) {
    try (WeightStore store = open(Pickles.entry("x", value))) {
      return Golden.bytes(store.get("x"));
    }
  }

  @Test
  void aHandMadePickleReads() {
    assertThat(read(Pickles.sample())).containsExactly(1, 2);
    assertThat(read(Pickles.sample().replace("numpy.core.", "numpy._core."))).containsExactly(1, 2);
  }

  @Test
  void fortranOrderAndBigEndian() {
    String elements = "\0\u0001\0\u0002\0\u0003\0\u0004";
    assertThat(read(Pickles.array("i2", '>', "K\u0002K\u0002", "\u0088", Pickles.data(elements))))
        .containsExactly(1, 0, 3, 0, 2, 0, 4, 0);
    String fromBuffer =
        "cnumpy._core.numeric\n_frombuffer\n("
            + "\u0096\u0004\0\0\0\0\0\0\0\u0001\u0002\u0003\u0004"
            + Pickles.dtype("u1", '|')
            + "K\u0002K\u0002\u0086\u008c\u0001FtR";
    assertThat(read(fromBuffer)).containsExactly(1, 3, 2, 4);
    assertValueRefused(fromBuffer.replace("\u0001FtR", "\u0001KtR"), "order \"K\"");
  }

  @Test
  void bytesAsLatin1TextAndAsEscapes() {
    String text = "c_codecs\nencode\n(X\u0003\0\0\0\u0001\u00c3\u00a9X\u0006\0\0\0latin1tR";
    String type = "K\u0002";
    assertThat(read(Pickles.array("u1", '|', type, "\u0089", text)))
        .containsExactly(1, (byte) 0xe9);
    String rawUnicode = "c_codecs\nencode\n(V\\u0001\u00e9\nVlatin1\ntR";
    assertThat(read(Pickles.array("u1", '|', type, "\u0089", rawUnicode)))
        .containsExactly(1, (byte) 0xe9);
    assertThat(read(Pickles.array("u1", '|', type, "\u0089", "S'\\n\\xe9'\n")))
        .containsExactly(10, (byte) 0xe9);
    assertThat(read(Pickles.array("u1", '|', type, "\u0089", "S\"\\\\'\"\n")))
        .containsExactly('\\', '\'');
  }

  @Test
  void brokenText() {
    String euro = "c_codecs\nencode\n(X\u0004\0\0\0\u0001\u00e2\u0082\u00acX\u0006\0\0\0latin1tR";
    assertValueRefused(
        Pickles.array("u1", '|', "K\u0002", "\u0089", euro), "is no byte encoded as Latin-1 text");
    assertValueRefused(
        Pickles.array("u1", '|', "K\u0002", "\u0089", "S'\\q1'\n"), "has an unknown escape");
    assertValueRefused(
        Pickles.array("u1", '|', "K\u0002", "\u0089", "S'\\xg1'\n"), "not hexadecimal");
    assertValueRefused(
        Pickles.array("u1", '|', "K\u0002", "\u0089", "S'1\n"), "a string without its quotes");
    assertValueRefused(
        Pickles.array("u1", '|', "K\u0002", "\u0089", euro.replace("latin1", "utf-16")),
        "a string encoded as \"utf-16\", expected latin1");
  }

  /** A long text is not looked at before it is used; only what its length excludes is. */
  @Test
  void longTextIsCheckedWhenUsed() {
    String text = "S'" + "\\xe9".repeat(50_000) + "'\n";
    String right = Pickles.array("u1", '|', "JP\u00c3\0\0", "\u0089", text);
    assertThat(read(right)).hasSize(50_000).containsOnly(0xe9);
    String fewer = Pickles.array("u1", '|', "JQ\u00c3\0\0", "\u0089", text);
    assertUsedRefused(fewer, "decodes to 50000 bytes, expected 50001");
    String more = Pickles.array("u1", '|', "JO\u00c3\0\0", "\u0089", text);
    assertValueRefused(more, "an array of uint8 [49999], 49999 bytes, with 50000 bytes of data");
    assertUsedRefused(right.replace("\\xe9'\n", "\\xe'\n"), "ends inside an escape or a character");
    assertUsedRefused(right.replace("\\xe9'\n", "\\qe9'\n"), "has an unknown escape");
  }

  private void assertUsedRefused(String value, String message) {
    try (WeightStore store = open(Pickles.entry("x", value))) {
      WeightArray array = store.get("x");
      assertThatThrownBy(() -> Golden.bytes(array))
          .isInstanceOf(MalformedWeightsException.class)
          .hasMessageStartingWith(folder.resolve("a.npy") + ": ")
          .hasMessageContaining(message);
    }
  }

  @Test
  void compiledNamesOfNumpysFunctions() {
    for (String module : new String[] {"core", "_core"}) {
      String compiled =
          Pickles.sample()
              .replace("numpy.core.multiarray", "numpy." + module + "._multiarray_umath");
      assertThat(read(compiled)).containsExactly(1, 2);
    }
  }

  @Test
  void dictionariesWithinDictionaries() {
    String sample = Pickles.sample();
    String layers =
        "(U\u0002c1(U\u0001w"
            + sample
            + "U\u0001b"
            + sample
            + "d"
            + "U\u0002c2(U\u0001p("
            + sample
            + sample
            + "lU\u0001q(K\u0001"
            + sample
            + "dK\u0005"
            + sample
            + "dd";
    try (WeightStore store = open(Pickles.root(layers))) {
      assertThat(store.names())
          .containsExactly("c1/w", "c1/b", "c2/p[0]", "c2/p[1]", "c2/q[1]", "c2[5]");
    }
    String deep = "(U\u0001a".repeat(8) + sample + "d".repeat(8);
    try (WeightStore store = open(Pickles.root(deep))) {
      assertThat(store.names()).containsExactly("a/a/a/a/a/a/a/a");
    }
    assertRefused(
        Pickles.root("(U\u0001a" + deep + "d"),
        "\"a/a/a/a/a/a/a/a/\" is a dictionary 9 levels deep");
    assertValueRefused("}q\u0001U\u0001ah\u0001s", "is a dictionary 9 levels deep");
    assertRefused(
        Pickles.root("(U\u0003a/b" + sample + "U\u0001a(U\u0001b" + sample + "dd"),
        "the name \"a/b\" is there twice");
    assertValueRefused("(U\u0001a(K\u0001(U\u0001b" + sample + "ddd", "\"x/a[1]\" is a dictionary");
  }

  /** Seven levels of a dictionary of a hundred times the next one, the last of them empty. */
  @Test
  void dictionaryBomb() {
    StringBuilder pickle = new StringBuilder("}q\u00010");
    for (int level = 0; level < 6; level++) {
      pickle.append('(');
      for (int i = 0; i < 100; i++) {
        pickle.append("U\u0002").append(String.format("%02d", i)).append('h');
        pickle.append((char) (level + 1));
      }
      pickle.append("dq").append((char) (level + 2)).append('0');
    }
    pickle.append("h\u0007");
    assertRefused(
        Pickles.root(pickle.toString()), "more than 1000000 entries of dictionaries within");
  }

  @Test
  void emptyBytesOfPython3InProtocol2() {
    String array = Pickles.array("f4", '<', "K\0", "\u0089", "c__builtin__\nbytes\n)R");
    assertThat(read(array)).isEmpty();
    assertValueRefused(array.replace("\n)R", "\n(K\u0003tR"), "arguments of bytes");
  }

  @Test
  void scalarsBecomeArraysWithoutDimensions() {
    try (WeightStore store =
        open(
            Pickles.root(
                "(U\u0001aI7\nU\u0001bL-8L\nU\u0001c\u008a\u0001\u00feU\u0001dF2.5\n"
                    + "U\u0001eI01\nU\u0001fG?\u00f8\0\0\0\0\0\0"
                    + "U\u0001gcnumpy.core.multiarray\nscalar\n("
                    + Pickles.dtype("i4", '>')
                    + "U\u0004\u00ff\u00ff\u00ff\u00fdtRd"))) {
      assertThat(store.names()).containsExactly("a", "b", "c", "d", "e", "f", "g");
      long[] integers = new long[7];
      for (int i : new int[] {0, 1, 2, 6}) {
        WeightArray array = store.get(store.names().get(i));
        assertThat(array.dtype()).isEqualTo(DType.INT64);
        assertThat(array.shape()).isEqualTo(Shape.of());
        integers[i] = little(array).getLong();
      }
      assertThat(integers).containsExactly(7, -8, -2, 0, 0, 0, -3);
      assertThat(little(store.get("d")).getDouble()).isEqualTo(2.5);
      assertThat(store.get("e").dtype()).isEqualTo(DType.BOOL);
      assertThat(little(store.get("f")).getDouble()).isEqualTo(1.5);
    }
  }

  private static ByteBuffer little(WeightArray array) {
    return ByteBuffer.wrap(Golden.bytes(array)).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void theThreeLayouts() {
    String a = Pickles.sample();
    try (WeightStore store =
        open(
            Pickles.root(
                "(U\u0001f"
                    + a
                    + "U\u0001l("
                    + a
                    + a
                    + "lU\u0001t"
                    + a
                    + "\u0085U\u0001d(K\u0001"
                    + a
                    + "K\0"
                    + a
                    + "dd"))) {
      assertThat(store.names()).containsExactly("f", "l[0]", "l[1]", "t[0]", "d[1]", "d[0]");
    }
  }

  @Test
  void whatIsNoDictionaryOfArrays() {
    assertRefused("N.", "the pickle is None, expected an object array");
    assertRefused("\u0080\u0002" + Pickles.sample() + ".", "the pickle is a numeric array");
    assertRefused(Pickles.root(Pickles.sample()), "the file holds a numeric array");
    assertRefused(Pickles.root("]"), "the file holds a list, expected a dictionary of arrays");
    assertRefused(Pickles.root("(K\u0001Nd"), "the dictionary has the key 1, expected names");
    assertValueRefused("N", "\"x\" is None, expected a numeric array");
    assertValueRefused("U\u0001y", "\"x\" is a string");
    assertValueRefused("]]a", "\"x[0]\" is a list");
    assertValueRefused("}U\u0001yNs", "\"x/y\" is None, expected a numeric array");
    assertValueRefused(
        "}J\u00ff\u00ff\u00ff\u00ffNs", "with the key \"-1\", expected names or 0, 1");
    assertValueRefused("cnumpy\nndarray\n", "\"x\" is no array");
    assertValueRefused(
        Pickles.array("O8", '|', "K\u0001", "\u0089", "(Nl"),
        "\"x\" is an object array of shape [1]");
    assertValueRefused(
        Pickles.array("U3", '<', "", "\u0089", Pickles.data("abcdefghijkl")),
        "\"x\" is an array of the dtype \"<U3\"");
    assertValueRefused(
        "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\0tU\u0001btR",
        "\"x\" is an array without a state");
  }

  @Test
  void structuredDtypesAreRefusedByName() {
    String structured = Pickles.sample().replaceFirst("NNNJ", "N(U\u0001yt(dJ");
    assertValueRefused(
        structured, "\"x\" is an array of the dtype \"structured (u1) of the fields y\"");
  }

  @Test
  void duplicates() {
    String a = Pickles.sample();
    assertRefused(
        Pickles.root("(U\u0001x" + a + "U\u0001x" + a + "d"),
        "the key \"x\" twice in a dictionary");
    assertRefused(
        Pickles.root("(U\u0004x[0]" + a + "U\u0001x(" + a + "ld"),
        "the name \"x[0]\" is there twice");
  }

  @Test
  void arrayStatesMustFit() {
    String data = Pickles.data("\u0001\u0002");
    assertValueRefused(
        Pickles.array("u1", '|', "K\u0003", "\u0089", data),
        "an array of uint8 [3], 3 bytes, with 2 bytes of data");
    assertValueRefused(Pickles.array("u1", '|', "N", "\u0089", data), "a dimension that is no");
    assertValueRefused(
        Pickles.array("u1", '|', "J\u00ff\u00ff\u00ff\u00ff", "\u0089", data), "a dimension");
    String huge = "\u008a\u0008\0\0\0\0\0\0\0@";
    assertValueRefused(
        Pickles.array("u1", '|', huge + huge, "\u0089", data), "more elements than fit a long");
    assertValueRefused(
        Pickles.array("f8", '<', huge, "\u0089", data), "more bytes than any file can have");
    assertValueRefused(
        Pickles.array("u1", '|', "K\u0001".repeat(65), "\u0089", data), "65 dimensions");
    assertValueRefused(Pickles.array("u1", '|', "K\u0002", "N", data), "a memory order");
    assertValueRefused(Pickles.array("u1", '|', "K\u0002", "\u0089", "N"), "without bytes");
    assertValueRefused(Pickles.array("O8", '|', "K\u0002", "\u0089", "N"), "without a list");
    assertValueRefused(
        Pickles.array("O8", '|', "K\u0002", "\u0089", "]"), "of shape [2] with 0 objects");
    assertValueRefused(Pickles.sample().replace("(K\u0003U", "(K\u0009U"), "a dtype state");
    assertValueRefused(Pickles.sample().replace("U\u0001|", "U\u0001!"), "the byte order \"!\"");
    assertValueRefused(Pickles.sample() + "(K\u0001tb", "a second state for an array");
    assertValueRefused(Pickles.sample() + "Nb", "a state that is no tuple");
    assertValueRefused("N(tb", "a state for something other");
  }

  @Test
  void machineErrors() {
    assertRefused("\u0080\u0006N.", "protocol 6, expected at most 5");
    assertRefused("\u00f0.", "the unknown opcode 0xf0", "at byte 65");
    assertRefused("\u0080\u0002.", "stack empty", "at byte 67");
    assertRefused("NN.", "values left over");
    assertRefused("(N.", "values left over");
    assertRefused("N.N", "its end, with 1 trailing bytes after it");
    assertRefused("t.", "finds no mark");
    assertRefused("(0.", "stack empty");
    assertRefused("h\u0005.", "a reference to object 5");
    assertRefused("gx\n.", "the memo index \"x\"");
    assertRefused("Ix\n.", "the integer \"x\"");
    assertRefused("L99999999999999999999L\n.", "not one of 64 bits");
    assertRefused("\u008a\u0009123456789.", "an integer of 9 bytes, expected at most 8");
    assertRefused("\u008b\u00ff\u00ff\u00ff\u00ff.", "an integer of -1 bytes");
    assertRefused("F0x1p3\n.", "the number \"0x1p3\"");
    assertRefused("T\u00ff\u00ff\u00ff\u00ff.", "a string of -1 bytes");
    assertRefused("NNa.", "no list");
    assertRefused("NNNs.", "no dictionary");
    assertRefused("(Nd.", "a key without a value");
    assertRefused("}NNs.", "neither a string nor an integer");
    assertRefused("NNR.", "arguments that are no tuple");
    assertRefused("N)R.", "no function");
    assertRefused("NN\u0093.", "a function whose name is no string");
    assertRefused("}U\u0001\u00ffNs.", "a name that is not UTF-8");
    assertRefused("}X\u0000\u0008\0\0" + "x".repeat(2048) + "Ns.", "a name of 2048 bytes");
    assertRefused("I" + "1".repeat(2000) + "\n.", "a line of 2000 bytes");
    for (String global :
        new String[] {
          "cnumpy\ndtype\n",
          "cnumpy.core.multiarray\n_reconstruct\n",
          "cnumpy.core.multiarray\nscalar\n",
          "cnumpy.core.numeric\n_frombuffer\n",
          "c_codecs\nencode\n",
          "ccollections\nOrderedDict\n"
        }) {
      assertRefused(global + "(NNNNNtR.", "wrong arguments of ");
    }
    assertRefused("ccollections\nOrderedDict\n((NltR.", "an OrderedDict entry that is no pair");
  }

  @Test
  void truncatedFilesSayWhereTheyShouldEnd() {
    assertRefused(
        "U\u0010abc", "truncated: ends at byte 70", "needs 16 bytes from byte 67 on, to byte 83");
    assertRefused("B\u00ff\u00ff\u00ff\u00ff", "needs 4294967295 bytes from byte 70 on");
    assertRefused(
        "\u008e\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
        "needs 18446744073709551615 bytes");
    assertRefused("\u0095\u00ff\0\0\0\0\0\0\0", "needs 255 bytes");
    assertRefused("Vabc", "ends at byte 69, inside a line of the pickle that begins at byte 66");
    assertRefused("N", "needs 1 bytes from byte 66 on");
  }

  /** Nothing is recursive: neither depth nor cycles nor a flood of objects does harm. */
  @Test
  void bombs() {
    assertRefused("]".repeat(250_000) + ".", "values left over");
    assertRefused("]" + "]a".repeat(10) + ".", "the pickle is a list");
    assertRefused("N" + "\u0085".repeat(250_000) + ".", "the pickle is a tuple");
    assertRefused("(".repeat(250_000) + "N.", "values left over");
    assertRefused("N0".repeat(200_000), "more than 300000 opcodes");
    assertRefused(Pickles.root("]\u0094h\0a"), "the file holds a list");
    assertRefused(Pickles.root("]q\u0001h\u0001a"), "the file holds a list");
    assertValueRefused("]q\u0001h\u0001a", "\"x[0]\" is a list");
    assertValueRefused("}q\u0001K\0h\u0001s", "\"x[0]\" is a dictionary");
    assertRefused("}q\u0001U\u0001xh\u0001s.", "the pickle is a dictionary");
    // A list of a thousand arrays under a thousand names.
    StringBuilder names = new StringBuilder("(");
    names.append("U\u0003aaa(").append(Pickles.sample()).append("q\u0001");
    names.append("h\u0001".repeat(999)).append("lq\u0002");
    for (int i = 0; i < 999; i++) {
      names.append("U\u0003").append(String.format("%03d", i)).append("h\u0002");
    }
    assertRefused(Pickles.root(names + "d"), "more than 100000 arrays");
  }

  @ParameterizedTest
  @ValueSource(longs = {3_000_000_000L, 5_000_000_000L})
  void arraysOfMoreThanTwoGibibytesStayInTheFile(long size) throws IOException {
    String length = "";
    for (int i = 0; i < 8; i++) {
      length += (char) ((size >>> (8 * i)) & 0xff);
    }
    String pickle =
        Pickles.entry(
            "x", Pickles.array("u1", '|', "\u008a\u0008" + length, "\u0089", "\u008e" + length));
    byte[] whole = TestFiles.dictionary(pickle);
    // After the data come the opcodes of the array's and the root's end: "tb" "d" "ltb.".
    int tail = 7;
    Path file = folder.resolve("large.npy");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.write(whole, 0, whole.length - tail);
      sparse.seek(whole.length - tail + size - 1);
      sparse.write(42);
      sparse.write(whole, whole.length - tail, tail);
    }
    try (WeightStore store = WeightStore.open(file)) {
      WeightArray array = store.get("x");
      assertThat(array.shape()).isEqualTo(Shape.of(size));
      assertThat(array.region().orElseThrow().offset()).isEqualTo(whole.length - tail);
      ByteBuffer last = ByteBuffer.allocate(2);
      array.read(size - 2, last);
      assertThat(last.array()).containsExactly(0, 42);
    }
    Files.delete(file);
  }
}
