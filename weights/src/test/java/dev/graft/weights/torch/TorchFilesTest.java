package dev.graft.weights.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.weights.DType;
import dev.graft.weights.Golden;
import dev.graft.weights.OtherEntry;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightFormat;
import dev.graft.weights.WeightStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that PyTorch and numpy wrote: every array equals its line in torch.txt. */
class TorchFilesTest {
  private static final int KERNEL_HEIGHT = 3;

  private static Path edge(String name) {
    return Golden.file("../edge/" + name).normalize();
  }

  private static Map<String, String> truth(String files) throws IOException {
    Map<String, String> lines = new LinkedHashMap<>();
    for (String line : Files.readAllLines(edge("torch.txt"))) {
      String[] parts = line.split("\t", 3);
      if (parts[0].equals(files)) {
        lines.put(parts[1], parts[2]);
      }
    }
    return lines;
  }

  private static String describe(WeightArray array) {
    String bytes = HexFormat.of().formatHex(Golden.bytes(array));
    return array.dtype() + "\t" + array.shape() + "\t" + bytes;
  }

  @ParameterizedTest
  @CsvSource({
    "all, torch, torch_zip.pth",
    "all, torch, torch_deflated.pth",
    "all, torch, torch_legacy.pth",
    "big, torch, torch_big.pth",
    "tar, torch, torch_tar.tar",
    "script, torch, torch_script.pt",
    "numpy, pickle, numpy_p0.pkl",
    "numpy, pickle, numpy_p1.pkl",
    "numpy, pickle, numpy_p2.pkl",
    "numpy, pickle, numpy_p3.pkl",
    "numpy, pickle, numpy_p4.pkl",
    "numpy, pickle, numpy_p5.pkl",
  })
  void arraysEqualTheirLines(String files, String format, String name) throws IOException {
    Map<String, String> truth = truth(files);
    assertThat(WeightFormat.of(edge(name)).name()).isEqualTo(format);
    try (WeightStore store = WeightStore.open(edge(name))) {
      assertThat(store.names()).containsExactlyInAnyOrderElementsOf(truth.keySet());
      for (String array : store.names()) {
        assertThat(describe(store.get(array))).as(array).isEqualTo(truth.get(array));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"torch_zip.pth", "torch_legacy.pth"})
  void whatIsNoTensorIsShown(String name) throws IOException {
    try (WeightStore store = WeightStore.open(edge(name))) {
      assertThat(store.names()).startsWith("tensors.bool").endsWith("storage");
      assertThat(store.others())
          .contains(
              new OtherEntry("epoch", "int", "90"),
              new OtherEntry("best", "float", "71.5"),
              new OtherEntry("done", "bool", "True"),
              new OtherEntry("nothing", "None", "None"),
              new OtherEntry("arch", "string", "\"vgg16\""),
              new OtherEntry("mixed[0]", "int", "1"),
              new OtherEntry("tuple", "tuple [3]", "[1, \"x\", None]"),
              new OtherEntry("empty", "dictionary", "{}"),
              new OtherEntry("no_items", "list [0]", "[]"),
              new OtherEntry("dtype", "dtype", "torch.float16"),
              new OtherEntry("device", "device", "cuda:1"),
              new OtherEntry("size", "tuple [2]", "[2, 3]"),
              new OtherEntry("counter.a", "int", "2"),
              new OtherEntry("caf\u00e9", "string", "\"\u00e9\\u000a\""),
              new OtherEntry("optimizer.param_groups[0].params", "list [4]", "[0, 1, 2, 3]"),
              new OtherEntry("optimizer.param_groups[0].momentum", "float", "0.9"));
      assertThat(store.others()).extracting(OtherEntry::name).doesNotContain("_metadata");
    }
  }

  @Test
  void scriptsShowTheirAttributes() throws IOException {
    try (WeightStore store = WeightStore.open(edge("torch_script.pt"))) {
      assertThat(store.others())
          .contains(
              new OtherEntry("training", "bool", "True"),
              new OtherEntry("sizes", "list [2]", "[1, 2]"),
              new OtherEntry("features.training", "bool", "True"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"torch_zip.pth", "torch_legacy.pth"})
  void elementsInOrderAreUsedInPlace(String name) {
    try (WeightStore store = WeightStore.open(edge(name))) {
      WeightArray sliced = store.get("tensors.sliced");
      WeightArray.FileRegion shared = store.get("tensors.one_of_many").region().orElseThrow();
      assertThat(sliced.region().orElseThrow().offset()).isEqualTo(shared.offset() - 93 * 4);
      assertThat(sliced.view().orElseThrow().getFloat(0)).isEqualTo(7f);
      assertThat(store.get("tensors.permuted").view()).isEmpty();
      assertThat(store.get("tensors.permuted").region()).isEmpty();
    }
    try (WeightStore store = WeightStore.open(edge("torch_deflated.pth"))) {
      assertThat(store.get("array").region()).isEmpty();
      assertThat(store.get("tensors.sliced").view().orElseThrow().getFloat(0)).isEqualTo(7f);
    }
  }

  /** Tables do this mapping; here only that the bits are all there, in PyTorch's layout. */
  @ParameterizedTest
  @ValueSource(strings = {"torchvision.pth", "torchvision_legacy.pth"})
  void torchvisionEqualsNpz(String name) {
    try (WeightStore truth = WeightStore.open(Golden.file("weights.npz"));
        WeightStore store = WeightStore.open(Golden.file(name))) {
      List<String> expected = new ArrayList<>(truth.names());
      assertThat(store.names()).hasSameSizeAs(expected).startsWith("features.0.weight");
      assertThat(store.names()).contains("features.28.bias", "classifier.6.weight");
      for (int i = 0; i < expected.size(); i++) {
        WeightArray array = store.get(store.names().get(i));
        WeightArray original = truth.get(expected.get(i));
        assertThat(array.dtype()).isEqualTo(DType.FLOAT32);
        assertThat(array.view()).as(expected.get(i)).isPresent();
        if (array.shape().rank() == 4) {
          assertThat(Golden.bytes(array)).as(expected.get(i)).isEqualTo(oihw(original));
        } else if (array.shape().rank() == 1) {
          assertThat(Golden.bytes(array)).as(expected.get(i)).isEqualTo(Golden.bytes(original));
        } else {
          assertThat(array.shape().elementCount()).isEqualTo(original.shape().elementCount());
          assertThat(array.shape().dim(0)).isEqualTo(original.shape().dim(3));
        }
      }
    }
  }

  private static byte[] oihw(WeightArray kernel) {
    Shape shape = kernel.shape();
    assertThat(shape.dim(0)).isEqualTo(KERNEL_HEIGHT);
    ByteBuffer hwio = ByteBuffer.wrap(Golden.bytes(kernel));
    ByteBuffer oihw = ByteBuffer.allocate(hwio.capacity());
    for (long o = 0; o < shape.dim(3); o++) {
      for (long i = 0; i < shape.dim(2); i++) {
        for (long place = 0; place < shape.dim(0) * shape.dim(1); place++) {
          oihw.putInt(hwio.getInt((int) ((place * shape.dim(2) + i) * shape.dim(3) + o) * 4));
        }
      }
    }
    return oihw.array();
  }
}
