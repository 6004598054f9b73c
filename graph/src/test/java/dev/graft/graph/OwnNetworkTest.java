package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.capi.DataType;
import dev.graft.capi.Graph;
import dev.graft.capi.Operation;
import dev.graft.capi.Output;
import dev.graft.capi.Session;
import dev.graft.capi.Tensor;
import dev.graft.weights.Shape;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks of Graft's operations beside the same of TensorFlow's. */
class OwnNetworkTest {
  private static final int CLASSES = 5;

  @TempDir private Path temp;

  @ParameterizedTest
  @CsvSource({
    "vgg16, 1, 224, 224",
    "vgg16, 2, 201, 230",
    "vgg19, 1, 200, 193",
    "fcn32s, 1, 100, 75",
    "fcn32s, 1, 96, 128",
    "fcn16s, 1, 100, 75",
    "fcn16s, 2, 96, 128",
    "fcn8s, 1, 100, 75",
    "fcn8s, 3, 96, 128",
    "fcn8s-vgg19, 1, 33, 1",
  })
  void everyEndPointIsTheSame(String name, int batch, int height, int width) {
    Model model = Model.of(name);
    Kernels own = OwnKernels.get();
    byte[] image = NarrowNetwork.noise(height, batch * height * width * 3, 256);
    try (Net stockNet = new Net(model, Kernels.STOCK);
        Net ownNet = new Net(model, own);
        Tensor images = Tensor.of(image, batch, height, width, 3)) {
      assertThat(ownNet.network.endPoints()).isEqualTo(stockNet.network.endPoints());
      for (String endPoint : stockNet.network.endPoints()) {
        try (Tensor expected = stockNet.run(endPoint, images);
            Tensor actual = ownNet.run(endPoint, images)) {
          assertThat(actual.shape()).as(endPoint).isEqualTo(expected.shape());
          float[] values = expected.toFloats();
          assertThat(Golden.norm(values)).as(endPoint).isPositive();
          assertThat(Golden.relativeError(actual.toFloats(), values))
              .as(endPoint)
              .isLessThan(Golden.ACTIVATIONS);
        }
      }
    }
  }

  @Test
  void everyConvolutionIsAnOwnOperation() {
    Kernels own = OwnKernels.get();
    try (Net net = new Net(Model.FCN8S, own)) {
      assertThat(net.types()).contains("GraftConv3x3", "GraftConv3x3Pool", "GraftConvGemm");
      assertThat(net.types()).doesNotContain("Conv2D", "MaxPool", "Relu", "GraftPackKernel");
      assertThat(net.network.logits().shape()).containsExactly(-1, -1, -1, CLASSES);
      assertThat(net.network.endPoint("pool3").shape()).containsExactly(-1, -1, -1, 16);
    }
  }

  @Test
  void withStockKernelsNoneIs() {
    try (Net net = new Net(Model.FCN8S, Kernels.STOCK)) {
      assertThat(net.types()).contains("Conv2D").noneMatch(type -> type.startsWith("Graft"));
      assertThat(net.types()).doesNotContain("Identity");
    }
  }

  @Test
  void onlyTheAnswerIsComputed() {
    Kernels own = OwnKernels.get();
    try (Net net = new Net(Model.VGG16, own)) {
      Set<Operation> needed = new HashSet<>();
      needs(net.network.logits().operation(), needed);
      List<String> types = needed.stream().map(Operation::type).toList();
      assertThat(types).filteredOn("GraftTwoConv3x3Pool"::equals).hasSize(1);
      assertThat(types).filteredOn("GraftConv3x3Pool"::equals).hasSize(4);
      assertThat(types).filteredOn("GraftConv3x3"::equals).hasSize(13 - 2 - 4);
    }
  }

  private static void needs(Operation operation, Set<Operation> seen) {
    if (seen.add(operation)) {
      operation.inputs().forEach(input -> needs(input.operation(), seen));
    }
  }

  /** A network of constants. */
  private final class Net implements AutoCloseable {
    final Graph graph = new Graph();
    final Output images;
    final Network network;
    final Session session;

    Net(Model model, Kernels kernels) {
      Map<String, Shape> shapes = NarrowNetwork.shapesForOnePass(model, CLASSES);
      ConstantsCache cache = new ConstantsCache(temp, 1 << 30);
      Map<String, Constant> constants = SeededConstants.in(cache, shapes, shapes.keySet());
      cache.pack(constants, kernels, bytes -> {});
      Ops ops = new Ops(graph, kernels);
      images = ops.placeholder("images", DataType.UINT8, -1, -1, -1, 3);
      Parameters parameters = Parameters.create(ops, shapes, constants);
      network = Network.build(ops, model, Network.preprocess(ops, images), parameters.values());
      session = new Session(graph);
    }

    Tensor run(String endPoint, Tensor batch) {
      return session.runner().feed(images, batch).fetch(network.endPoint(endPoint)).runOne();
    }

    Set<String> types() {
      Set<String> types = new TreeSet<>();
      graph.operations().forEach(operation -> types.add(operation.type()));
      return types;
    }

    @Override
    public void close() {
      session.close();
      graph.close();
    }
  }
}
