package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.capi.DataType;
import dev.graft.capi.Graph;
import dev.graft.capi.Operation;
import dev.graft.capi.Output;
import dev.graft.capi.Session;
import dev.graft.capi.Tensor;
import dev.graft.weights.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedKernelsTest {
  private static final String KERNEL = "vgg16/conv1_1/kernel";
  private static final Map<String, Shape> SHAPES =
      Map.of(
          KERNEL,
          Shape.of(3, 3, 3, 20),
          "vgg16/conv1_1/bias",
          Shape.of(20),
          "vgg16/fc7/kernel",
          Shape.of(1, 1, 20, 3));

  @TempDir private Path temp;
  private Kernels own;
  private ConstantsCache cache;
  private final List<Long> progress = new ArrayList<>();

  @BeforeEach
  void open() {
    own = OwnKernels.get();
    cache = new ConstantsCache(temp.resolve("cache"), 1 << 30);
  }

  private Map<String, Constant> constants() {
    return SeededConstants.in(cache, SHAPES, SHAPES.keySet());
  }

  private Map<String, Constant> packed(ConstantsCache target, Kernels kernels) {
    Map<String, Constant> result = constants();
    progress.clear();
    target.pack(result, kernels, progress::add);
    return result;
  }

  private PackedKernel packed() {
    return packed(cache, own).get(KERNEL).packed().orElseThrow();
  }

  @Test
  void a3x3KernelIsPackedOnceAndNothingElseIs() throws IOException {
    Map<String, Constant> first = packed(cache, own);
    PackedKernel kernel = first.get(KERNEL).packed().orElseThrow();
    assertThat(progress).containsExactly(3L * 3 * 3 * 20 * Float.BYTES);
    assertThat(first.values()).filteredOn(c -> c.packed().isPresent()).hasSize(1);
    assertThat(kernel.file().getFileName().toString())
        .startsWith(first.get(KERNEL).sha256() + ".packed-" + own.format() + "-")
        .endsWith("-" + kernel.floats() + ".bin");
    assertThat(Files.size(kernel.file())).isEqualTo(kernel.floats() * Float.BYTES);
    assertThat(Files.getPosixFilePermissions(kernel.file())).hasSize(3);
    assertThat(cache.usedBytes())
        .isEqualTo(
            Float.BYTES
                * (kernel.floats()
                    + SHAPES.values().stream().mapToLong(Shape::elementCount).sum()));

    Object inode = Files.getAttribute(kernel.file(), "unix:ino");
    assertThat(packed()).isEqualTo(kernel);
    assertThat(progress).isEmpty();
    assertThat(Files.getAttribute(kernel.file(), "unix:ino")).isEqualTo(inode);
  }

  @Test
  void itHasTheBytesOfARunTimePack() throws IOException {
    Constant constant = packed(cache, own).get(KERNEL);
    try (Graph graph = new Graph()) {
      Ops ops = new Ops(graph, own);
      Output raw =
          ops.mapped("raw", DataType.FLOAT, constant.shape().dims(), constant.file().toString());
      Output pack = new KernelOps(ops).pack("pack", raw, false);
      try (Session session = new Session(graph);
          Tensor tensor = session.runner().fetch(pack).runOne()) {
        byte[] bytes = new byte[(int) tensor.byteSize()];
        tensor.bytes().get(bytes);
        assertThat(Files.readAllBytes(constant.packed().orElseThrow().file())).isEqualTo(bytes);
      }
    }
  }

  @Test
  void whatIsDeletedOrOfTheWrongLengthIsMadeAgain() throws IOException {
    PackedKernel kernel = packed();
    byte[] bytes = Files.readAllBytes(kernel.file());
    Files.delete(kernel.file());
    assertThat(packed()).isEqualTo(kernel);
    assertThat(progress).hasSize(1);
    assertThat(Files.readAllBytes(kernel.file())).isEqualTo(bytes);

    assertThat(kernel.file().toFile().setWritable(true)).isTrue();
    Files.write(kernel.file(), new byte[bytes.length - 4]);
    assertThat(kernel.isWhole()).isFalse();
    assertThat(packed()).isEqualTo(kernel);
    assertThat(progress).hasSize(1);
    assertThat(Files.readAllBytes(kernel.file())).isEqualTo(bytes);
  }

  @Test
  void aFileOfTheWrongLengthIsNotMapped() throws IOException {
    Map<String, Constant> constants = packed(cache, own);
    assertThat(convolutions(constants)).doesNotContain("GraftPackKernel");
    Files.delete(constants.get(KERNEL).packed().orElseThrow().file());
    assertThat(convolutions(constants)).contains("GraftPackKernel");
  }

  /** The types of the operations of one layer on the constants. */
  private List<String> convolutions(Map<String, Constant> constants) {
    try (Graph graph = new Graph()) {
      Ops ops = new Ops(graph, own);
      Map<String, Output> values = Parameters.create(ops, SHAPES, constants).values();
      Output input = ops.placeholder("input", DataType.FLOAT, -1, -1, -1, 3);
      Layers.of(ops)
          .convolution("layer", input, values.get(KERNEL), values.get("vgg16/conv1_1/bias"));
      return graph.operations().stream().map(Operation::type).toList();
    }
  }

  @Test
  void whereTheCacheCannotBeWrittenTheNetworkPacks() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "no folder");
    ConstantsCache broken = new ConstantsCache(file.resolve("cache"), 1 << 30);
    Map<String, Constant> constants = packed(broken, own);
    assertThat(constants.get(KERNEL).packed()).isEmpty();
    assertThat(convolutions(constants)).contains("GraftPackKernel");
  }

  @Test
  void stockKernelsNeedNoPackedOnes() {
    assertThat(packed(cache, Kernels.STOCK).values()).allMatch(c -> c.packed().isEmpty());
    assertThat(progress).isEmpty();
  }

  @Test
  void packedFilesCountInTheLimit() throws IOException {
    PackedKernel kernel = packed();
    FileTime old = FileTime.fromMillis(System.currentTimeMillis() - 7_200_000);
    Files.setLastModifiedTime(kernel.file(), old);
    new ConstantsCache(cache.folder(), cache.usedBytes() - 1).trim();
    assertThat(kernel.file()).doesNotExist();
  }

  @Test
  void aRunFolderKeepsOnlyWhatIsNotPacked() {
    RunFolder run = new RunFolder(temp.resolve("run"));
    Map<String, Constant> kept = run.keepFrozen(packed(cache, own).values());
    assertThat(kept.get(KERNEL).packed()).contains(packed());
    assertThat(temp.resolve("run/frozen").toFile().list())
        .hasSize(SHAPES.size())
        .allMatch(name -> name.matches("[0-9a-f]{64}\\.bin"));
    assertThat(run.frozen().get(KERNEL).packed()).isEmpty();
  }
}
