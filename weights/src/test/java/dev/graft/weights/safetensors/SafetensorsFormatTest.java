package dev.graft.weights.safetensors;

import static dev.graft.weights.safetensors.SafetensorsFiles.bytes;
import static dev.graft.weights.safetensors.SafetensorsFiles.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.DType;
import dev.graft.weights.Golden;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.OtherEntry;
import dev.graft.weights.Shape;
import dev.graft.weights.TestFiles;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightFormat;
import dev.graft.weights.WeightStore;
import dev.graft.weights.io.MappedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFormatTest {
  @TempDir Path folder;

  private WeightStore open(byte[] content) {
    return WeightStore.open(TestFiles.write(folder, "a.safetensors", content));
  }

  private void assertRefused(byte[] content, String... messageParts) {
    assertThatThrownBy(() -> open(content))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessageStartingWith(folder.resolve("a.safetensors") + ": ")
        .hasMessageContainingAll(messageParts);
  }

  private void assertHeaderRefused(String header, String... messageParts) {
    assertRefused(file(header, 4), messageParts);
  }

  @Test
  void tensorsAreUsedInPlace() {
    String header =
        "{\"b\":{\"dtype\":\"I16\",\"shape\":[1,2],\"data_offsets\":[2,6]},"
            + "\"a\":{\"data_offsets\":[0,2],\"shape\":[2],\"dtype\":\"BOOL\"},"
            + "\"empty\":{\"dtype\":\"F64\",\"shape\":[3,0],\"data_offsets\":[2,2]},"
            + "\"scalar\":{\"dtype\":\"U32\",\"shape\":[],\"data_offsets\":[6,10]}}";
    try (WeightStore store = open(file(header + "   \n", 10))) {
      assertThat(store.names()).containsExactly("b", "a", "empty", "scalar");
      WeightArray array = store.get("b");
      assertThat(array.dtype()).isEqualTo(DType.INT16);
      assertThat(array.shape()).isEqualTo(Shape.of(1, 2));
      assertThat(Golden.bytes(array)).containsExactly(2, 3, 4, 5);
      assertThat(array.view().orElseThrow().getShort(0)).isEqualTo((short) 0x0302);
      assertThat(array.region().orElseThrow().offset()).isEqualTo(8 + header.length() + 4 + 2);
      assertThat(store.get("empty").byteSize()).isZero();
      assertThat(store.get("scalar").shape()).isEqualTo(Shape.of());
      assertThat(store.others()).isEmpty();
    }
  }

  @Test
  void metadataAreOtherEntries() {
    String longText = "x".repeat(100_000);
    String header =
        "{\"__metadata__\":{\"format\":\"pt\",\"e\\u00e9\":\"\\u001b[2J\",\"long\":\""
            + longText
            + "\"},"
            + bytes("a", 0, 4)
            + "}";
    try (WeightStore store = open(file(header, 4))) {
      assertThat(store.names()).containsExactly("a");
      assertThat(store.others())
          .hasSize(3)
          .startsWith(
              new OtherEntry("format", "string", "\"pt\""),
              new OtherEntry("e\u00e9", "string", "\"\\u001b[2J\""));
      assertThat(store.others().get(2).value()).hasSizeLessThan(200).endsWith("and more");
    }
  }

  /** A file with every dtype, made by numpy and PyTorch, its data in another order. */
  @Test
  void allDtypes() throws IOException {
    Path edge = Golden.file("../edge/all_dtypes.safetensors");
    List<String> truth = Files.readAllLines(edge.resolveSibling("all_dtypes_safetensors.txt"));
    try (WeightStore store = WeightStore.open(edge)) {
      assertThat(store.names())
          .hasSameSizeAs(truth)
          .endsWith("Gr\u00f6\u00dfe/\u5927 \"quoted\"\\\n\ud83d\ude00");
      for (int i = 0; i < truth.size(); i++) {
        String[] parts = truth.get(i).split("\t", -1);
        WeightArray array = store.get(store.names().get(i));
        assertThat(array.dtype()).hasToString(parts[1]);
        assertThat(array.shape()).hasToString(parts[2]);
        assertThat(HexFormat.of().formatHex(Golden.bytes(array))).as(parts[0]).isEqualTo(parts[3]);
        assertThat(array.region()).isPresent();
      }
    }
  }

  /** PyTorch's weights are numpy's, with kernels from HWIO to OIHW. */
  @Test
  void torchvisionEqualsNpz() {
    List<Integer> features = List.of(0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28);
    try (WeightStore truth = WeightStore.open(Golden.file("weights.npz"));
        WeightStore store = WeightStore.open(Golden.file("torchvision.safetensors"))) {
      assertThat(store.names()).hasSameSizeAs(truth.names()).startsWith("features.0.weight");
      for (int i = 0; i < 16; i++) {
        String key = i < 13 ? "features." + features.get(i) : "classifier." + 3 * (i - 13);
        WeightArray kernel = truth.get(truth.names().get(2 * i));
        WeightArray bias = truth.get(truth.names().get(2 * i + 1));
        assertThat(Golden.bytes(store.get(key + ".bias"))).isEqualTo(Golden.bytes(bias));
        assertThat(Golden.bytes(store.get(key + ".weight")))
            .as(key)
            .isEqualTo(outputsFirst(kernel));
      }
      assertThat(store.others()).containsExactly(new OtherEntry("format", "string", "\"pt\""));
    }
  }

  private static byte[] outputsFirst(WeightArray kernel) {
    ByteBuffer in = ByteBuffer.wrap(Golden.bytes(kernel));
    ByteBuffer out = ByteBuffer.allocate(in.limit());
    int places = (int) (kernel.shape().dim(0) * kernel.shape().dim(1));
    int inputs = (int) kernel.shape().dim(2);
    int outputs = (int) kernel.shape().dim(3);
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        for (int place = 0; place < places; place++) {
          out.putInt(in.getInt(4 * ((place * inputs + i) * outputs + o)));
        }
      }
    }
    return out.array();
  }

  @Test
  void anotherFormatsNameIsNoHindrance() {
    Path file = TestFiles.write(folder, "vgg.npz", file("{" + bytes("a", 0, 4) + "}", 4));
    assertThat(WeightFormat.of(file).name()).isEqualTo("safetensors");
    try (WeightStore store = open(file("{}", 0))) {
      assertThat(store.names()).isEmpty();
    }
  }

  @Test
  void headerLength() {
    byte[] valid = file("{" + bytes("a", 0, 4) + "}", 4);
    byte[] longer = valid.clone();
    longer[1] = 1;
    assertRefused(longer, "truncated: ends at byte 65, inside the header", "reaches to byte 317");
    byte[] absurd = valid.clone();
    absurd[3] = 6;
    assertRefused(absurd, "a header of 100663349 bytes, expected at most 100000000");
    byte[] shorter = valid.clone();
    shorter[0]--;
    assertRefused(shorter, "broken JSON at byte 60: no ','");
  }

  /** At every byte of the header, and at 200 places of the body. */
  @ParameterizedTest
  @ValueSource(strings = {"torchvision.safetensors", "../edge/all_dtypes.safetensors"})
  void cutAnywhere(String name) throws IOException {
    Path path = Golden.file(name);
    Random random = new Random(7);
    try (MappedFile whole = MappedFile.open(path)) {
      ByteBuffer head = whole.slice(0, 8).orElseThrow();
      int dataStart = 8 + (int) head.getLong(0);
      int dataLength = (int) whole.length() - dataStart;
      for (int i = 0; i <= dataStart + 200; i++) {
        int length = i <= dataStart ? i : dataStart + random.nextInt(dataLength);
        MappedFile cut = whole.part(0, length, "cut");
        assertThatThrownBy(() -> new SafetensorsFormat().open(cut))
            .as("cut to %d bytes", length)
            .isInstanceOf(MalformedWeightsException.class)
            .hasMessageStartingWith(path + ": entry \"cut\": truncated: ");
      }
    }
  }

  @Test
  void dataMustBeCoveredExactly() {
    String two = "{" + bytes("a", 0, 2) + "," + bytes("b", 2, 4) + "}";
    assertRefused(file(two, 3), "truncated: ends at byte 116, but its tensors' 4 bytes begin at");
    assertRefused(
        file(two, 5), "1 trailing bytes: its tensors end at byte 117, the file at byte 118");
    assertHeaderRefused(
        "{" + bytes("a", 0, 2) + "," + bytes("b", 3, 4) + "}",
        "tensor \"b\" begins at byte 3 of the data, expected 2, where the one before it ends");
    assertHeaderRefused(
        "{" + bytes("a", 0, 3) + "," + bytes("b", 2, 4) + "}",
        "tensor \"b\" begins at byte 2 of the data, expected 3");
    assertHeaderRefused("{" + bytes("a", 1, 4) + "}", "begins at byte 1 of the data, expected 0");
    assertHeaderRefused(
        "{" + bytes("a", 0, 4) + "," + bytes("b", 0, 4) + "}", "begins at byte 0", "expected 4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'F32' | [2] | 0,4 | has 4 bytes, 0 to 4, expected 8 for float32 [2]",
        "'F4' | [8] | 0,4 | has dtype \"F4\", whose elements of less than a byte are not read",
        "'F6_E2M3' | [4] | 0,3 | has dtype \"F6_E2M3\", whose elements",
        "'Q4' | [8] | 0,4 | has dtype \"Q4\", expected one of BOOL I8 U8 ",
        "'F32' | [2,65536,65536,65536,65536,2] | 0,4 | more bytes than any file can hold",
        "'F64' | [4611686018427387904] | 0,4 | more bytes than any file can hold",
        "'U8' | [4] | 4,0 | has data_offsets [4, 0], expected a beginning and an end",
        "'U8' | [4] | 0 | has data_offsets [0], expected a beginning and an end",
        "'U8' | [4] | 0,4,8 | has more than 2 numbers as its data_offsets",
        "'U8' | [-4] | 0,4 | the number -4, expected a whole one, 0 or more",
        "'U8' | [4.0] | 0,4 | the number 4.0, expected a whole one",
        "'U8' | [4e0] | 0,4 | the number 4e0, expected a whole one",
        "'U8' | [04] | 0,4 | the number 04, no JSON",
        "'U8' | [9223372036854775808] | 0,4 | more than a long can hold",
        "'U8' | [\"4\"] | 0,4 | no number",
        "'U8' | [4,] | 0,4 | a comma before ']'",
        "'U8' | [[4]] | 0,4 | no number",
        "'U8' | 4 | 0,4 | no '['",
        "'U8' | [NaN] | 0,4 | no number",
      })
  void tensorsThatCannotBe(String dtype, String shape, String offsets, String message) {
    assertHeaderRefused(
        String.format(
            "{\"a\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%s]}}", dtype, shape, offsets),
        message);
  }

  @Test
  void keysOfATensor() {
    String a = "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],";
    assertHeaderRefused(a + "\"shape\":[4]}}", "tensor \"a\" has the key \"shape\" twice");
    assertHeaderRefused(a + "\"dtype\":\"U8\"}}", "tensor \"a\" has the key \"dtype\" twice");
    assertHeaderRefused(a + "\"stride\":[1]}}", "tensor \"a\" has the unknown key \"stride\"");
    assertHeaderRefused(
        a + "\"data_offsets\":[0,4],\"data_offsets\":[0,4]}}", "key \"data_offsets\" twice");
    assertHeaderRefused(a.substring(0, a.length() - 1) + "}}", "has no key \"data_offsets\"");
    assertHeaderRefused("{\"a\":{}}", "tensor \"a\" has no key \"dtype\"");
    assertHeaderRefused("{\"a\":{\"dtype\":\"U8\"}}", "tensor \"a\" has no key \"shape\"");
    String ranks = "1,".repeat(32) + "1";
    assertHeaderRefused(
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[" + ranks + "]}}",
        "more than 32 numbers as its shape");
  }

  @Test
  void keysOfTheHeader() {
    assertHeaderRefused(
        "{" + bytes("a", 0, 4) + "," + bytes("a", 4, 4) + "}", "has the key \"a\" twice");
    assertHeaderRefused(
        "{" + bytes("\\u0061", 0, 4) + "," + bytes("a", 4, 4) + "}", "has the key \"a\" twice");
    assertHeaderRefused(
        "{\"__metadata__\":{},\"__metadata__\":{}}", "has the key \"__metadata__\" twice");
    assertHeaderRefused(
        "{\"__metadata__\":{\"k\":1}}", "the value of \"k\" in __metadata__ is no string");
    assertHeaderRefused("{\"__metadata__\":{\"k\":{}}}", "the value of \"k\"", "is no string");
    assertHeaderRefused(
        "{\"__metadata__\":{\"k\":\"\",\"k\":\"\"}}", "__metadata__ has the key \"k\" twice");
    assertHeaderRefused("{\"__metadata__\":null}", "no '{'");
    StringBuilder many = new StringBuilder("{\"__metadata__\":{");
    for (int i = 0; i <= 1000; i++) {
      many.append(i == 0 ? "" : ",").append('"').append(i).append("\":\"\"");
    }
    assertHeaderRefused(many + "}}", "__metadata__ has more than 1000 entries");
    assertHeaderRefused(
        "{" + bytes("n".repeat(4097), 0, 4) + "}", "a string of more than 4096 bytes at byte 9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1}",
        "{\"a\":[]}",
        "{ a:{}}",
        "{\"a\" {}}",
        "{\"__metadata__\":{}} x",
        "{\"__metadata__\":{}}{}",
        "{\"__metadata__\":{},}",
        "{\"__metadata__\":{\"k\":\"\\x\"}}",
        "{\"__metadata__\":{\"k\":\"\\u12g4\"}}",
        "{\"__metadata__\":{\"k\":\"\\ud800\"}}",
        "{\"__metadata__\":{\"k\":\"\\ud800\\u0041\"}}",
        "{\"__metadata__\":{\"k\":\"\\udc00\"}}",
        "{\"__metadata__\":{\"k\":\"\n\"}}",
        "{\"__metadata__\":{\"k\":\"",
        "{\"__metadata__\" \"k\"}",
        "{ \"__metadata__\":{\"k\":\"v\" \"l\":\"w\"}}",
      })
  void brokenJson(String header) {
    assertHeaderRefused(header, "broken JSON at byte ");
  }

  @Test
  void textMustBeUtf8() {
    for (String bad : new String[] {"\u00ff", "\u00c0\u0080", "\u00ed\u00a0\u0080", "\u00e4"}) {
      byte[] text = TestFiles.latin1("{\"" + bad + "\":{}}");
      ByteBuffer file = ByteBuffer.allocate(8 + text.length).put((byte) text.length);
      assertRefused(file.position(8).put(text).array(), "bytes that are not UTF-8");
    }
  }

  /** Neither nesting nor length costs stack or heap. */
  @Test
  void bombs() {
    assertHeaderRefused("{\"a\":" + "{\"a\":".repeat(1_000_000), "has the unknown key \"a\"");
    assertHeaderRefused("{\"a\":" + "[".repeat(3_000_000), "broken JSON at byte 13: no '{'");
    assertHeaderRefused("{\"" + "x".repeat(5_000_000), "the end of the JSON text");
    assertHeaderRefused(
        "{\"a\":{\"shape\":[" + "1".repeat(1_000_000) + "]}}",
        "a number of more than 64 characters");
    StringBuilder many = new StringBuilder("{");
    for (int i = 0; i <= 100_000; i++) {
      many.append(i == 0 ? "\"" : ",\"").append(i);
      many.append("\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}");
    }
    assertHeaderRefused(many + "}", "more than 100000 tensors");
  }

  @Test
  void readsAfterCloseFail() {
    WeightStore store = open(file("{" + bytes("a", 0, 4) + "}", 4));
    WeightArray array = store.get("a");
    store.close();
    store.close();
    assertThatThrownBy(() -> Golden.bytes(array)).isInstanceOf(IllegalStateException.class);
  }
}
