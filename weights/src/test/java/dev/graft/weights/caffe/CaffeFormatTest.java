package dev.graft.weights.caffe;

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
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaffeFormatTest {
  @TempDir Path folder;

  private static Path golden(String name) {
    return Golden.file("../caffe/" + name).normalize();
  }

  private WeightStore open(byte[] bytes) {
    return WeightStore.open(TestFiles.write(folder, "a.caffemodel", bytes));
  }

  private void assertRefused(byte[] bytes, String... messageParts) {
    assertThatThrownBy(() -> open(bytes))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessageStartingWith(folder.resolve("a.caffemodel") + ": ")
        .hasMessageContainingAll(messageParts);
  }

  private static double value(WeightArray array, int index) {
    ByteBuffer bytes = ByteBuffer.wrap(Golden.bytes(array)).order(ByteOrder.LITTLE_ENDIAN);
    return array.dtype() == DType.FLOAT64 ? bytes.getDouble(8 * index) : bytes.getFloat(4 * index);
  }

  /** Networks that protobuf's own writer made. */
  @ParameterizedTest
  @CsvSource({
    "v0.caffemodel, true, innerproduct",
    "v1.caffemodel, true, INNER_PRODUCT",
    "current.caffemodel, false, InnerProduct"
  })
  void everyGenerationOfLayers(String file, boolean fourDimensions, String type) {
    assertThat(WeightFormat.of(golden(file)).name()).isEqualTo("caffe");
    try (WeightStore store = WeightStore.open(golden(file))) {
      assertThat(store.names())
          .containsExactly("conv1_1[0]", "conv1_1[1]", "fc6[0]", "fc6[1]", "upscore[0]");
      assertThat(store.get("conv1_1[0]").shape()).isEqualTo(Shape.of(4, 3, 3, 3));
      assertThat(store.get("fc6[0]").shape())
          .isEqualTo(fourDimensions ? Shape.of(1, 1, 5, 16) : Shape.of(5, 16));
      assertThat(store.get("fc6[1]").shape())
          .isEqualTo(fourDimensions ? Shape.of(1, 1, 1, 5) : Shape.of(5));
      assertThat(value(store.get("conv1_1[0]"), 107)).isEqualTo(107 / 4.0);
      assertThat(value(store.get("fc6[1]"), 4)).isEqualTo(202);
      assertThat(value(store.get("upscore[0]"), 63)).isEqualTo(300 + 63 / 4.0);
      assertThat(store.get("upscore[0]").dtype())
          .isEqualTo(fourDimensions ? DType.FLOAT32 : DType.FLOAT64);
      for (String name : store.names()) {
        assertThat(store.get(name).view()).as(name).isPresent();
        assertThat(store.get(name).region()).as(name).isPresent();
      }
      assertThat(store.others())
          .hasSize(5)
          .contains(new OtherEntry("network", "string", "tiny"))
          .contains(new OtherEntry("fc6", "layer", type));
    }
  }

  @Test
  void valuesThatAreNotPackedAreGathered() {
    byte[] blob =
        Protos.join(
            Protos.shape(2, 4),
            Protos.single(5, 0),
            Protos.single(5, 1),
            Protos.single(5, 2),
            Protos.bytes(5, Protos.floats(3, 4)),
            Protos.single(6, 9),
            Protos.single(6, 9),
            Protos.single(5, 5),
            Protos.single(5, 6),
            Protos.bytes(5),
            Protos.single(5, 7));
    try (WeightStore store = open(Protos.net(blob))) {
      WeightArray array = store.get("x[0]");
      assertThat(array.shape()).isEqualTo(Shape.of(2, 4));
      assertThat(array.region()).isEmpty();
      for (int i = 0; i < 8; i++) {
        assertThat(value(array, i)).isEqualTo(i);
      }
    }
  }

  @Test
  void aLongRunOfValuesThatAreNotPacked() {
    int count = 50_000;
    ByteBuffer values = ByteBuffer.allocate(5 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      values.put((byte) (5 << 3 | 5)).putFloat(i);
    }
    try (WeightStore store = open(Protos.net(Protos.shape(count), values.array()))) {
      float[] read = new float[count];
      ByteBuffer.wrap(Golden.bytes(store.get("x[0]")))
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(read);
      for (int i = 0; i < count; i++) {
        assertThat(read[i]).isEqualTo(i);
      }
    }
  }

  @Test
  void shapesInAllForms() {
    byte[] two = Protos.bytes(5, Protos.floats(1, 2));
    byte[] unpacked = Protos.bytes(7, Protos.number(1, 1), Protos.number(1, 2));
    try (WeightStore store = open(Protos.net(unpacked, two))) {
      assertThat(store.get("x[0]").shape()).isEqualTo(Shape.of(1, 2));
    }
    byte[] scalar = Protos.bytes(5, Protos.floats(1));
    try (WeightStore store = open(Protos.net(Protos.bytes(7), scalar))) {
      assertThat(store.get("x[0]").shape()).isEqualTo(Shape.of());
    }
    try (WeightStore store = open(Protos.net(Protos.shape(3, 0)))) {
      assertThat(store.get("x[0]").shape()).isEqualTo(Shape.of(3, 0));
      assertThat(Golden.bytes(store.get("x[0]"))).isEmpty();
    }
    byte[] old =
        Protos.join(
            Protos.number(1, 1), Protos.number(2, 1), Protos.number(3, 1), Protos.number(4, 2));
    try (WeightStore store = open(Protos.net(old, two, Protos.shape(1, 1, 1, 2)))) {
      assertThat(store.get("x[0]").shape()).isEqualTo(Shape.of(1, 1, 1, 2));
    }
    assertRefused(
        Protos.net(old, two, Protos.shape(2)),
        "the shape [2] and the old form of it [1, 1, 1, 2] in its array");
  }

  @Test
  void shapesAndValuesMustFit() {
    byte[] two = Protos.bytes(5, Protos.floats(1, 2));
    assertRefused(Protos.net(Protos.shape(3), two), "2 values for the shape [3], expected 3");
    assertRefused(Protos.net(Protos.shape(1), two), "2 values for the shape [1], expected 1");
    assertRefused(Protos.net(Protos.shape(2)), "no values for the shape [2] in its array");
    assertRefused(Protos.net(), "no values for the shape []");
    assertRefused(Protos.net(Protos.number(4, 2), two), "2 values for the shape [0, 0, 0, 2]");
    assertRefused(Protos.net(Protos.shape(-1), two), "a dimension is negative: [-1]");
    assertRefused(Protos.net(Protos.number(1, -1), two), "a dimension is negative: [-1, 0, 0, 0]");
    assertRefused(
        Protos.net(Protos.shape(1L << 32, 1L << 32), two), "more elements than fit a long");
    assertRefused(
        Protos.net(Protos.shape(1L << 31, 1L << 31), two), "expected 4611686018427387904");
    assertRefused(Protos.net(Protos.shape(new long[33]), two), "more than 32 dimensions");
    assertRefused(
        Protos.net(Protos.shape(1), Protos.bytes(5, new byte[5])), "5 bytes of values of 4 bytes");
    assertRefused(
        Protos.net(Protos.shape(2), two, Protos.bytes(8, new byte[16])),
        "both single and double precision values");
    assertRefused(
        Protos.net(Protos.number(5, 1)), "field 5 of wire type 0, expected 2 or 5 in its array");
    assertRefused(Protos.net(Protos.number(7, 1)), "field 7 of wire type 0, expected 2");
    byte[] pieces = {};
    for (int i = 0; i < 1001; i++) {
      pieces = Protos.join(pieces, Protos.bytes(5, Protos.floats(1)));
    }
    assertRefused(Protos.net(Protos.shape(1001), pieces), "values in more than 1000 pieces");
  }

  @Test
  void layers() {
    byte[] blob = Protos.join(Protos.shape(1), Protos.bytes(5, Protos.floats(1)));
    byte[] x = Protos.layer("x", Protos.bytes(7, blob));
    assertRefused(
        Protos.join(x, x), "two layers with arrays that are called \"x\", the first at byte");
    byte[] bare = Protos.layer("x");
    try (WeightStore store = open(Protos.join(bare, x, bare))) {
      assertThat(store.names()).containsExactly("x[0]");
      assertThat(store.others()).hasSize(3);
    }
    assertRefused(
        Protos.join(x, Protos.bytes(100, Protos.bytes(7, blob))),
        "a layer with arrays but without a name");
    assertRefused(
        Protos.join(x, Protos.bytes(2, Protos.text(4, "y"))), "both current layers and old ones");
    byte[] oldest = Protos.bytes(1, Protos.text(1, "v0"), Protos.text(2, "conv"));
    assertRefused(Protos.bytes(2, oldest, oldest), "a second old layer in its layer");
    assertRefused(
        Protos.bytes(2, oldest, Protos.bytes(6, blob)),
        "arrays both of a layer and of an old layer");
    assertRefused(
        Protos.join(x, Protos.bytes(100, Protos.bytes(1, new byte[] {(byte) 0xff}))),
        "a layer name that is not UTF-8 text");
    assertRefused(
        Protos.join(x, Protos.text(1, "n".repeat(1025))), "a name of 1025 bytes, expected at most");
    byte[] y = Protos.layer("x[0]", Protos.bytes(7, blob));
    try (WeightStore store = open(Protos.join(x, y))) {
      assertThat(store.names()).containsExactly("x[0]", "x[0][0]");
    }
  }

  @Test
  void manyLayersAreListedInPart() {
    byte[] net = {};
    for (int i = 0; i < 1005; i++) {
      net = Protos.join(net, Protos.layer("l" + i));
    }
    try (WeightStore store = open(net)) {
      assertThat(store.others()).hasSize(1001).endsWith(new OtherEntry("...", "layer", "5 more"));
    }
  }

  @Test
  void theWireFormat() {
    byte[] layer = Protos.layer("x");
    assertRefused(Protos.join(layer, new byte[] {0, 1}), "the field number 0 in its network");
    assertRefused(
        Protos.join(layer, Protos.number(3, 1), new byte[] {(byte) 0x23}), "the wire type 3");
    assertRefused(Protos.join(layer, new byte[] {(byte) 0x80}), "a number that is cut off");
    byte[] endless = new byte[11];
    Arrays.fill(endless, (byte) 0xff);
    assertRefused(Protos.join(layer, endless), "a number of more than 10 bytes");
    assertRefused(
        Protos.join(layer, Protos.varint(9 << 3 | 2), Protos.varint(-1)),
        "truncated: its network ends at byte",
        "but field 9 has 18446744073709551615 bytes");
    assertRefused(
        Protos.join(layer, Protos.varint(9 << 3 | 1), new byte[7]), "field 9 has 8 bytes");
    assertRefused(
        Protos.join(layer, Protos.bytes(100, Protos.varint(7 << 3 | 2), Protos.varint(3))),
        "its layer ends at byte");
    byte[] flood = new byte[600_002];
    for (int i = 0; i < flood.length; i += 2) {
      flood[i] = 5 << 3;
    }
    assertRefused(Protos.join(layer, flood), "more than 300000 protobuf fields");
    // Unknown fields of every wire type.
    byte[] unknown =
        Protos.join(
            Protos.number(200, 1),
            Protos.bytes(201, new byte[3]),
            Protos.single(202, 1),
            Protos.varint(203 << 3 | 1),
            new byte[8]);
    try (WeightStore store = open(Protos.join(layer, unknown))) {
      assertThat(store.names()).isEmpty();
    }
  }

  /** Other formats that are protobuf messages, and what only begins like a network. */
  @Test
  void whatIsNoNetwork() {
    byte[] node =
        Protos.bytes(1, Protos.text(1, "conv1/weights"), Protos.text(2, "Const"), new byte[200]);
    assertRefused(node, "it looks like a TensorFlow graph (.pb)");
    assertRefused(
        Protos.join(Protos.number(1, 8), Protos.text(2, "pytorch"), Protos.bytes(7)),
        "it looks like ONNX");
    assertRefused(
        Protos.join(Protos.number(1, 100_000), Protos.text(2, "fcn_iter_100000.caffemodel")),
        "it looks like a Caffe .solverstate");
    byte[] operator =
        Protos.bytes(
            2,
            Protos.text(2, "w"),
            Protos.text(4, "GivenTensorFill"),
            Protos.bytes(5, Protos.text(1, "shape")));
    assertRefused(Protos.join(Protos.text(1, "init"), operator), "unknown content");
    assertRefused(
        Protos.join(
            Protos.text(1, "predict"),
            Protos.bytes(
                2, Protos.text(1, "data"), Protos.text(2, "conv1"), Protos.text(4, "Conv"))),
        "unknown content");
    assertRefused(Protos.text(1, "a name alone"), "unknown content");
    assertRefused(TestFiles.latin1("name: \"VGG\"\nlayers {\n"), "it looks like a Caffe prototxt");
    assertRefused(TestFiles.latin1("# fcn\n\nlayer {\n  name"), "it looks like a Caffe prototxt");
    assertRefused(
        TestFiles.latin1("\0\0\0\0\u0002\0\0\0\u0005\0\0\0\0}\0\0\0\0\0\0abcd"),
        "it looks like Darknet's .weights");
  }

  /** A network has no end mark: cut between two fields it is a shorter network. */
  @ParameterizedTest
  @CsvSource({"v0.caffemodel, 9", "v1.caffemodel, 9", "current.caffemodel, 3"})
  void cutAtEveryByte(String name, int fieldsAfterTheFirstLayer) throws IOException {
    ByteBuffer whole = ByteBuffer.wrap(Files.readAllBytes(golden(name)));
    CaffeFormat format = new CaffeFormat();
    int shorter = 0;
    for (int length = 1; length < whole.limit(); length++) {
      boolean known = format.matches(golden(name), whole.slice(0, length));
      MappedFile cut = MappedFile.open(golden(name)).part(0, length, "cut");
      try (WeightStore store = format.open(cut)) {
        shorter += known && !store.others().isEmpty() ? 1 : 0;
      } catch (MalformedWeightsException e) {
        assertThat(e).hasMessageStartingWith(cut.source() + ": ");
      }
    }
    assertThat(shorter).isEqualTo(fieldsAfterTheFirstLayer);
  }

  /** The file is sparse: three gibibytes that take no room. */
  @Test
  void moreThanTwoGibibytes() throws IOException {
    long count = 750_000_000;
    byte[] tag =
        Protos.join(Protos.shape(count), Protos.varint(5 << 3 | 2), Protos.varint(4 * count));
    long blobLength = tag.length + 4 * count;
    byte[] blob = Protos.join(Protos.varint(7 << 3 | 2), Protos.varint(blobLength), tag);
    byte[] name = Protos.join(Protos.text(1, "x"), Protos.text(2, "InnerProduct"));
    long layerLength = name.length + blob.length + 4 * count;
    byte[] head = Protos.join(Protos.varint(100 << 3 | 2), Protos.varint(layerLength), name, blob);
    Path file = TestFiles.write(folder, "large", head);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.seek(head.length + 4 * count - 1);
      sparse.write(42);
    }
    try (WeightStore store = WeightStore.open(file)) {
      ByteBuffer last = ByteBuffer.allocate(4);
      store.get("x[0]").read(4 * count - 4, last);
      assertThat(last.array()).containsExactly(0, 0, 0, 42);
    }
    Files.delete(file);
  }
}
