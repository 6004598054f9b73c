package dev.graft.weights.torch;

import static dev.graft.weights.torch.TorchPickles.entry;
import static dev.graft.weights.torch.TorchPickles.longs;
import static dev.graft.weights.torch.TorchPickles.sample;
import static dev.graft.weights.torch.TorchPickles.storage;
import static dev.graft.weights.torch.TorchPickles.tensor;
import static dev.graft.weights.torch.TorchPickles.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.DType;
import dev.graft.weights.Golden;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.OtherEntry;
import dev.graft.weights.Shape;
import dev.graft.weights.TestFiles;
import dev.graft.weights.UnsafeWeightsException;
import dev.graft.weights.WeightFormat;
import dev.graft.weights.WeightStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchZipTest {
  /** 1 and 2. */
  private static final String FLOATS = "\0\0\u0080?\0\0\0@";

  private static final Map<String, String> DATA =
      Map.of(
          "archive/data/0", FLOATS,
          "archive/data/half", FLOATS,
          "archive/data/raw", FLOATS,
          "archive/version", "3\n");

  @TempDir Path folder;

  private Path write(String pickle, Map<String, String> others) {
    return TestFiles.write(folder, "a.pth", TorchPickles.zip(pickle, others));
  }

  private WeightStore open(String pickle) {
    return WeightStore.open(write(pickle, DATA));
  }

  private void assertRefused(String pickle, String... messageParts) {
    assertThatThrownBy(() -> open(pickle))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessageStartingWith(folder.resolve("a.pth") + ": ")
        .hasMessageContainingAll(messageParts);
  }

  private void assertValueRefused(String value, String... messageParts) {
    assertRefused(entry("x", value), messageParts);
  }

  private void assertUnsafe(String value, String wish) {
    assertThatThrownBy(() -> open(entry("x", value)))
        .isInstanceOf(UnsafeWeightsException.class)
        .hasMessageContaining("entry \"archive/data.pkl\": refused: the pickle wants to " + wish)
        .hasMessageEndingWith(
            "; only tensors and plain values are read, such as a model's state_dict()");
  }

  @Test
  void aHandMadeFileReads() {
    try (WeightStore store = open(entry("x", sample()))) {
      assertThat(store.get("x").shape()).isEqualTo(Shape.of(2));
      assertThat(store.get("x").view().orElseThrow().getFloat(4)).isEqualTo(2f);
    }
  }

  @Test
  void functionsOfOtherVersions() {
    String first =
        "ctorch._utils\n_rebuild_tensor\n("
            + storage("HalfStorage", "half", 4)
            + "I1\n"
            + longs(2)
            + longs(2)
            + "tR";
    String third =
        "ctorch._utils\n_rebuild_tensor_v3\n("
            + storage("UntypedStorage", "raw", 8)
            + "I1\n"
            + longs(3)
            + longs(1)
            + "I00\nNctorch\nuint16\n}tR";
    String fromType =
        "ctorch._tensor\n_rebuild_from_type_v2\n(ctorch._utils\n_rebuild_tensor_v2\nctorch\nTensor\n"
            + sample().substring(sample().indexOf('('), sample().length() - 1)
            + "}tR";
    String parameter = "ctorch.nn.parameter\nParameter\n(" + sample() + "tR(I01\nI00\nNtb";
    String withState = "ctorch._utils\n_rebuild_parameter_with_state\n(" + sample() + "I01\nN}tR";
    try (WeightStore store =
        open("((" + first + third + fromType + parameter + withState + "ll.")) {
      assertThat(store.names()).containsExactly("[0][0]", "[0][1]", "[0][2]", "[0][3]", "[0][4]");
      assertThat(Golden.bytes(store.get("[0][0]"))).containsExactly(0x80, 0x3f, 0, 0x40);
      assertThat(store.get("[0][1]").dtype()).isEqualTo(DType.UINT16);
      assertThat(Golden.bytes(store.get("[0][1]"))).containsExactly(0x80, 0x3f, 0, 0, 0, 0x40);
      assertThat(Golden.bytes(store.get("[0][3]"))).isEqualTo(Golden.bytes(store.get("[0][4]")));
    }
  }

  @Test
  void aSingleTensorIsNamedAsTheFile() {
    try (WeightStore store = open(sample() + ".")) {
      assertThat(store.names()).containsExactly("a");
    }
    assertRefused("N.", "the file holds one value of the type None, expected a dictionary");
  }

  @Test
  void theFolderMayBeginWithAnotherEntry() {
    byte[] bytes = TorchPickles.zip("3\n", Map.of("archive/2ata.pkl", entry("x", "K\1")));
    String swapped =
        new String(bytes, StandardCharsets.ISO_8859_1)
            .replace("archive/data.pkl", "archive/version0")
            .replace("archive/2ata.pkl", "archive/data.pkl");
    Path file = TestFiles.write(folder, "b.npz", swapped);
    assertThat(WeightFormat.of(file).name()).isEqualTo("torch");
    try (WeightStore store = WeightStore.open(file)) {
      assertThat(store.others()).containsExactly(new OtherEntry("x", "int", "1"));
    }
  }

  @Test
  void tensorsLieInTheirStorages() {
    String two = storage("FloatStorage", "0", 2);
    assertValueRefused(
        tensor(two, 0, longs(3), longs(1)),
        "a tensor [3] of strides [1] from element 0 to 2 of a storage of 2 elements, at byte");
    assertValueRefused(tensor(two, 1, longs(2), longs(1)), "from element 1 to 2");
    assertValueRefused(tensor(two, -1, longs(2), longs(1)), "from element -1 to 0");
    assertValueRefused(tensor(two, 0, longs(2), longs(-1)), "a stride that is no whole number");
    assertValueRefused(tensor(two, 0, longs(-2), longs(1)), "a dimension that is no whole number");
    assertValueRefused(tensor(two, 0, longs(2), longs()), "1 dimensions with 0 strides");
    assertValueRefused(tensor(two, 0, longs(2), "N"), "without a tuple of at most 64 strides");
    assertValueRefused(
        tensor(two, 0, longs(new long[65]), longs(new long[65])), "at most 64 dimensions");
    long huge = 1L << 33;
    assertValueRefused(
        tensor(two, 0, longs(huge, huge), longs(1, 1)),
        "a tensor [8589934592, 8589934592] of strides [1, 1], more than any file can have");
    assertValueRefused(tensor(two, 0, longs(3, 3), longs(Long.MAX_VALUE, 1)), "more than any file");
    assertValueRefused(tensor(two, Long.MAX_VALUE, longs(2), longs(1)), "more than any file");
    assertValueRefused(
        tensor(two, 0, longs(1L << 40), longs(0)), "expanded from a storage of 2 elements");
  }

  @Test
  void storagesAreWhatTheirIdsSay() {
    assertValueRefused(
        storage("FloatStorage", "0", 3),
        "entry \"archive/data/0\" has 8 bytes, expected 12 of 3 elements (torch.FloatStorage)");
    assertValueRefused(storage("FloatStorage", "1", 2), "storage \"1\" is not in the archive");
    assertValueRefused(storage("FloatStorage", "0", -1), "a storage of -1 elements");
    assertValueRefused(storage("FloatStorage", "0", 1L << 62), "a storage of 4611686018427387904");
    assertValueRefused(
        storage("QInt8Storage", "0", 8), "a storage of the class torch.QInt8Storage, which is not");
    assertValueRefused(
        "(" + sample() + storage("IntStorage", "0", 2) + "l",
        "a storage \"0\" of 2 elements (torch.IntStorage) that was of 2 (torch.FloatStorage)");
    assertValueRefused("I1\nQ", "a persistent id that is no tuple");
    assertValueRefused("(" + text("module") + "NNNtQ", "a persistent id of the kind \"module\"");
    assertValueRefused(
        storage("FloatStorage", "0", 2).replace("tQ", "NtQ"), "a storage's id that is not");
    assertValueRefused(
        storage("FloatStorage", "0", 2).replace(text("0"), "I0\n"), "whose key is no string");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "_rebuild_qtensor: a quantized tensor",
        "_rebuild_sparse_tensor: a sparse tensor",
        "_rebuild_nested_tensor: a nested tensor",
        "_rebuild_meta_tensor_no_storage: a tensor without data (meta)",
        "_rebuild_wrapper_subclass: a tensor of a class of its own",
      })
  void tensorsOfOtherKindsAreRefusedByName(String line) {
    String[] parts = line.split(": ", 2);
    assertValueRefused(
        "ctorch._utils\n" + parts[0] + "\n",
        "the pickle has " + parts[1] + " (torch._utils." + parts[0] + "), which is not read");
  }

  @Test
  void tensorsThatAreNotWhatTheyStore() {
    String lazy = sample().substring(0, sample().length() - 2) + "(" + text("conj") + "I01\ndtR";
    assertValueRefused(lazy, "a tensor that is a lazy view (conj), which is not read");
    String float4 =
        "ctorch._utils\n_rebuild_tensor_v3\n("
            + storage("UntypedStorage", "0", 8)
            + "I1\n"
            + longs(3)
            + longs(1)
            + "I00\nNctorch\nfloat4_e2m1fn_x2\n}tR";
    assertValueRefused(float4, "a tensor of dtype torch.float4_e2m1fn_x2, which is not read");
    assertValueRefused(float4.replace("}tR", "}NtR"), "wrong arguments of torch._utils");
    assertValueRefused("ctorch\nTensor\n)R", "a torch.Tensor without a storage");
    assertValueRefused("ctorch\nSize\n)R", "wrong arguments of torch.Size");
    assertValueRefused("ctorch\ndevice\n(I1\ntR", "wrong arguments of torch.device");
    assertValueRefused("ccollections\ndefaultdict\n(I1\ntR", "wrong arguments of collections");
    assertValueRefused("ctorch\nFloatStorage\n)R", "a call of something that is no function");
  }

  @Test
  void whatWouldRunCodeIsRefused() {
    assertUnsafe("cos\nsystem\n(S'ls'\ntR", "load \"os.system\"");
    assertUnsafe("cargparse\nNamespace\n)\u0081", "load \"argparse.Namespace\"");
    assertUnsafe("ctorchvision.models.vgg\nVGG\n)\u0081", "load \"torchvision.models.vgg.VGG\"");
    assertUnsafe("ctorch\nload\n", "load \"torch.load\"");
    assertUnsafe("ctorch.storage\n_load_from_bytes\n", "load \"torch.storage._load_from_bytes\"");
    assertUnsafe("ctorch\n_utils._rebuild_tensor\n", "load \"torch._utils._rebuild_tensor\"");
    assertUnsafe("c__builtin__\neval\n", "load \"__builtin__.eval\"");
    assertUnsafe("ctorch\nFloatTensor\n)\u0081", "carry out the opcode NEWOBJ");
    assertUnsafe("(c__torch__\nM\no", "carry out the opcode OBJ");
    assertUnsafe("cnumpy\nndarray\n)R", "call numpy.ndarray, which is never called by numpy");
  }

  @Test
  void scriptObjects() {
    String module = "c__torch__.nn\nReLU\n)\u0081";
    try (WeightStore store = open(entry("x", module + "(" + text("w") + sample() + "db"))) {
      assertThat(store.names()).containsExactly("x.w");
    }
    assertValueRefused(module, "\"x\" is of the type __torch__.nn.ReLU, without attributes");
    assertValueRefused(module + ")b", "a state of \"__torch__.nn.ReLU\" of the type tuple");
  }

  @Test
  void namesAreUniqueAndNestingHasAnEnd() {
    assertRefused(
        "(" + text("a") + "(" + text("b") + sample() + "d" + text("a.b") + "Nd.",
        "the name \"a.b\" is there twice");
    assertRefused("}q\0" + text("a") + "h\0s.", "more than 64 levels of nesting, under \"a.a.a.");
    assertRefused("]q\0h\0a.", "more than 64 levels of nesting, under \"[0][0]");
    StringBuilder bomb = new StringBuilder("]q\0Na0");
    for (char level = 1; level < 12; level++) {
      bomb.append("](").append(("h" + (char) (level - 1)).repeat(10)).append("eq").append(level);
      bomb.append('0');
    }
    // The levels below stay in the memo only.
    assertRefused(
        bomb.substring(0, bomb.length() - 1) + ".", "more than 200000 values, or names of more");
  }

  @Test
  void longListsUnderManyNames() {
    String list = "(" + "N".repeat(50_000) + "lq\0" + "0(";
    StringBuilder many = new StringBuilder(list);
    for (int i = 0; i < 100; i++) {
      many.append(text("" + i)).append("h\0");
    }
    assertRefused(many.append("d.").toString(), "lists of more than 4000000 items in all");
  }

  @Test
  void valuesThatAreNeither() {
    assertValueRefused("ctorch\nSize\n", "\"x\" is of the type function or class, expected");
    assertValueRefused(
        "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\0tU\u0001btR",
        "\"x\" is of the type numpy array without a state");
    String longText = "x".repeat(5000);
    String value = "X\u0088\u0013\0\0" + longText;
    try (WeightStore store = open(entry("x", value))) {
      assertThat(store.others()).containsExactly(new OtherEntry("x", "string", "\"(5000 bytes)\""));
    }
  }

  @Test
  void theArchiveItself() {
    assertThatThrownBy(
            () -> WeightStore.open(write(entry("x", "N"), Map.of("archive/byteorder", "middle"))))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessageEndingWith(": the byte order is \"middle\", expected little or big");
    Path alone = write(entry("x", sample()), Map.of());
    assertThatThrownBy(() -> WeightStore.open(alone))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessage(alone + ": storage \"0\" is not in the archive");
    assertRefused(entry("x", "N") + "N", "its end, with 1 trailing bytes after it");
  }
}
