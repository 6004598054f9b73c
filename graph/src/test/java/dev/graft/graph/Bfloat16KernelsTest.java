package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.capi.DataType;
import dev.graft.capi.Graph;
import dev.graft.capi.Operation;
import dev.graft.capi.Output;
import dev.graft.capi.SessionOptions;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArrays;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Bfloat16KernelsTest {
  private static final String FC6 = "vgg16/fc6/kernel";
  private static final String FC8 = "vgg16/fc8/kernel";

  /** fc6 is more than is rounded in one piece. */
  private static final Map<String, Shape> SHAPES =
      Map.of(
          FC6,
          Shape.of(7, 7, 24, 301),
          FC8,
          Shape.of(1, 1, 33, 5),
          "vgg16/fc8/bias",
          Shape.of(5),
          "fcn8s/score_fr/kernel",
          Shape.of(1, 1, 33, 3));

  @TempDir private Path temp;
  private Kernels kernels;
  private ConstantsCache cache;
  private final List<Long> progress = new ArrayList<>();

  @BeforeEach
  void open() {
    kernels = OwnKernels.get().withBfloat16Dense();
    cache = new ConstantsCache(temp.resolve("cache"), 1 << 30);
  }

  private Map<String, Constant> raw() {
    return SeededConstants.in(cache, SHAPES, SHAPES.keySet());
  }

  private Map<String, Constant> rounded(Kernels chosen) {
    Map<String, Constant> result = raw();
    progress.clear();
    cache.pack(result, chosen, progress::add);
    return result;
  }

  private Path file(String name) {
    return rounded(kernels).get(name).bfloat16().orElseThrow();
  }

  @Test
  void fullyConnectedKernelsAreRoundedOnceAndNothingElseIs() throws IOException {
    Map<String, Constant> first = rounded(kernels);
    assertThat(first.values())
        .filteredOn(constant -> constant.bfloat16().isPresent())
        .extracting(Constant::name)
        .containsExactlyInAnyOrder(FC6, FC8);
    assertThat(progress)
        .containsExactlyInAnyOrder(7L * 7 * 24 * 301 * Float.BYTES, 33L * 5 * Float.BYTES);
    Path fc6 = first.get(FC6).bfloat16().orElseThrow();
    assertThat(fc6).hasFileName(first.get(FC6).sha256() + ".bf16-1.bin");
    assertThat(fc6).hasParent(first.get(FC6).file().getParent());
    assertThat(Files.getPosixFilePermissions(fc6)).hasSize(3);

    Object inode = Files.getAttribute(fc6, "unix:ino");
    assertThat(file(FC6)).isEqualTo(fc6);
    assertThat(progress).isEmpty();
    assertThat(Files.getAttribute(fc6, "unix:ino")).isEqualTo(inode);
  }

  @Test
  void aFileHasEveryValueRounded() throws IOException {
    Constant constant = rounded(kernels).get(FC6);
    ByteBuffer floats =
        ByteBuffer.wrap(Files.readAllBytes(constant.file())).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer expected = ByteBuffer.allocate(floats.capacity() / 2).order(ByteOrder.LITTLE_ENDIAN);
    while (floats.hasRemaining()) {
      expected.putShort(Bfloat16.round(floats.getInt()));
    }
    assertThat(Files.readAllBytes(constant.bfloat16().orElseThrow())).isEqualTo(expected.array());
  }

  @Test
  void nothingIsRoundedUnlessAskedFor() {
    assertThat(rounded(Kernels.AUTO).values()).allMatch(constant -> constant.bfloat16().isEmpty());
    assertThat(progress).isEmpty();
  }

  @Test
  void whatIsDeletedOrOfTheWrongLengthIsMadeAgain() throws IOException {
    Path file = file(FC8);
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    assertThat(file(FC8)).isEqualTo(file);
    assertThat(progress).containsExactly(33L * 5 * Float.BYTES);
    assertThat(Files.readAllBytes(file)).isEqualTo(bytes);

    assertThat(file.toFile().setWritable(true)).isTrue();
    Files.write(file, new byte[bytes.length - 2]);
    assertThat(file(FC8)).isEqualTo(file);
    assertThat(progress).hasSize(1);
    assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
  }

  @Test
  void aFileOfTheWrongLengthIsNotMapped() throws IOException {
    Map<String, Constant> constants = rounded(kernels);
    Path file = constants.get(FC8).bfloat16().orElseThrow();
    assertThat(file.toFile().setWritable(true)).isTrue();
    Files.write(file, new byte[33 * 5 * Short.BYTES - 2]);
    assertThatThrownBy(() -> layer(constants, kernels))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining(FC8)
        .hasMessageContaining("expected 330 bytes, found 328");
  }

  /** The types of the operations of fc8 on the constants. */
  private static List<String> layer(Map<String, Constant> constants, Kernels chosen) {
    try (Graph graph = new Graph()) {
      Ops ops = new Ops(graph, chosen);
      Map<String, Output> values = Parameters.create(ops, SHAPES, constants).values();
      Output input = ops.placeholder("input", DataType.FLOAT, -1, -1, -1, 33);
      Layers layers = Layers.of(ops);
      Output bias = values.get("vgg16/fc8/bias");
      layers.dense("once", input, values.get(FC8), bias, "SAME", false);
      layers.dense("twice", input, values.get(FC8), bias, "SAME", false);
      return graph.operations().stream().map(Operation::type).toList();
    }
  }

  @Test
  void layersShareTheMappedFile() {
    List<String> types = layer(rounded(kernels), kernels);
    assertThat(types).filteredOn("GraftConvGemmBfloat16"::equals).hasSize(2);
    assertThat(types).doesNotContain("GraftConvGemm");
    assertThat(types).filteredOn("GraftConstant"::equals).hasSize(SHAPES.size() + 1);
  }

  @Test
  void aGraphWithoutTheOptionDoesNotTakeIt() {
    assertThat(layer(rounded(kernels), Kernels.AUTO)).doesNotContain("GraftConvGemmBfloat16");
  }

  @Test
  void constantsThatWereMadeWithoutTheOptionAreRefused() {
    Map<String, Constant> constants = rounded(Kernels.AUTO);
    assertThatThrownBy(() -> layer(constants, kernels))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("there are no bfloat16 weights of vgg16/fc");
  }

  @Test
  void aShortRawFileIsNoSource() throws IOException {
    Constant constant = raw().get(FC8);
    assertThat(constant.file().toFile().setWritable(true)).isTrue();
    Files.write(constant.file(), new byte[12]);
    Map<String, Constant> constants = new LinkedHashMap<>(Map.of(FC8, constant));
    assertThatThrownBy(() -> cache.pack(constants, kernels, progress::add))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("must have 660 bytes");
    assertThat(constant.file().getParent().toFile().list())
        .noneMatch(name -> name.contains("bf16") || name.endsWith(".tmp"));
  }

  @Test
  void aCacheThatCannotBeWrittenIsAnError() throws IOException {
    Map<String, Constant> constants = raw();
    Path file = Files.writeString(temp.resolve("file"), "no folder");
    ConstantsCache broken = new ConstantsCache(file.resolve("cache"), 1 << 30);
    assertThatThrownBy(() -> broken.pack(constants, kernels, progress::add))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("cannot write the frozen weights");
  }

  @Test
  void otherKernelsCannotBeHadAsBfloat16() {
    Map<String, Constant> constants = raw();
    assertThatThrownBy(
            () -> cache.pack(constants, Kernels.STOCK.withBfloat16Dense(), progress::add))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("need Graft's own operations")
        .hasMessageContaining("as the caller wants it");
    Kernels remote = kernels.in(SessionOptions.DEFAULT.withTarget("grpc://there:1234"));
    assertThatThrownBy(() -> layer(constants, remote))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("the session is on the server grpc://there:1234");
  }

  @Test
  void largeWeightsStayFinite() throws IOException {
    float[] values = {Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE};
    Map<String, Constant> constants = new LinkedHashMap<>();
    constants.put(FC8, cache.put(FC8, WeightArrays.of(values, 1, 1, 1, 3)));
    cache.pack(constants, kernels, progress::add);
    assertThat(Files.readAllBytes(constants.get(FC8).bfloat16().orElseThrow()))
        .containsExactly(0x7f, 0x7f, 0x7f, 0xff, 0, 0);
  }
}
