package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.capi.DataType;
import dev.graft.capi.Graph;
import dev.graft.capi.Operation;
import dev.graft.capi.Output;
import dev.graft.capi.Session;
import dev.graft.capi.Tensor;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightStore;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients through Graft's operations beside those through TensorFlow's. */
class BackwardTest {
  private static final int CLASSES = 5;

  @TempDir private Path temp;

  /** A network, what is frozen of it, and the size of what it is fed. */
  private record Case(
      Scores scores, Map<String, Shape> shapes, List<String> frozen, int height, int width) {}

  private static Case fcn8s(int height, int width, String... frozen) {
    Scores withDropout =
        (ops, images, parameters) ->
            Network.build(
                    ops,
                    Model.FCN8S,
                    Network.preprocess(ops, images),
                    parameters,
                    Optional.of(new Dropout(0.5f, 1, ops.constant("step", Tensor.of(7L)))))
                .logits();
    return new Case(
        withDropout, NarrowNetwork.shapes(Model.FCN8S, CLASSES), List.of(frozen), height, width);
  }

  /** A trained layer below FCN-8s, and scores that use all that lies between too. */
  private static Case adapter() {
    Scores scores =
        (ops, images, parameters) -> {
          Output pixels =
              ops.conv2d(
                  "adapter",
                  Network.preprocess(ops, images),
                  parameters.get("user/adapter/kernel"),
                  "SAME");
          Network net = Network.build(ops, Model.FCN8S, pixels, parameters);
          Output size = ops.shape("size", net.endPoint("conv1_1"));
          Output fc6 =
              ops.conv2dTranspose(
                  "fc6_up", net.endPoint("fc6"), parameters.get("user/up/kernel"), size, 32);
          Output pool5 =
              ops.conv2dTranspose(
                  "pool5_up", net.endPoint("pool5"), parameters.get("user/up5/kernel"), size, 32);
          Output low =
              ops.conv2d(
                  "low",
                  ops.add("features", ops.add("up", fc6, pool5), net.endPoint("conv1_1")),
                  parameters.get("user/low/kernel"),
                  "SAME");
          return ops.add("sum", net.logits(), low);
        };
    Map<String, Shape> shapes = new LinkedHashMap<>(NarrowNetwork.shapes(Model.FCN8S, CLASSES));
    long low = shapes.get("vgg16/conv1_1/bias").dim(0);
    shapes.put("user/adapter/kernel", Shape.of(3, 3, 3, 3));
    shapes.put("user/up/kernel", Shape.of(32, 32, low, shapes.get("vgg16/fc6/bias").dim(0)));
    shapes.put("user/up5/kernel", Shape.of(32, 32, low, shapes.get("vgg16/conv5_1/bias").dim(0)));
    shapes.put("user/low/kernel", Shape.of(1, 1, low, CLASSES));
    return new Case(scores, shapes, List.of("vgg16/conv2"), 96, 64);
  }

  /** Some convolutions of FCN-8s have 5×5 kernels, which are not for own operations. */
  private static Case largeKernels() {
    Case net = fcn8s(96, 128, "vgg16/conv1_1");
    Map<String, Shape> shapes = new LinkedHashMap<>(net.shapes());
    for (String layer : List.of("vgg16/conv2_1", "vgg16/conv3_3", "vgg16/conv5_3")) {
      Shape kernel = shapes.get(layer + "/kernel");
      shapes.put(layer + "/kernel", Shape.of(5, 5, kernel.dim(2), kernel.dim(3)));
    }
    return new Case(net.scores(), shapes, net.frozen(), net.height(), net.width());
  }

  /** Scores of the size of pool3, from end points all over the backbone. */
  private static Output userScores(Ops ops, Output images, Map<String, Output> parameters) {
    Network net =
        Network.buildBackbone(ops, Backbone.VGG16, Network.preprocess(ops, images), parameters);
    Output pool3 = scores(ops, "pool3", net, parameters);
    Output conv = scores(ops, "conv4_3", net, parameters);
    Output fc7 = scores(ops, "fc7", net, parameters);
    Output up =
        ops.conv2dTranspose(
            "up", fc7, parameters.get("user/up/kernel"), ops.shape("size", conv), 4);
    Output sum = ops.add("sum", ops.add("two", pool3, conv), up);
    // A parameter of the backbone in an operation of TensorFlow's.
    Output weight = ops.sum("weight", parameters.get("vgg16/conv1_2/kernel"), 4);
    return ops.add("scores", sum, ops.mul("weighted", weight, ops.constant("factor", 1e-2f)));
  }

  private static Output scores(
      Ops ops, String endPoint, Network net, Map<String, Output> parameters) {
    return ops.conv2d(
        "score_" + endPoint,
        net.endPoint(endPoint),
        parameters.get("user/" + endPoint + "/kernel"),
        "SAME");
  }

  private static Case user(String... frozen) {
    Map<String, Shape> shapes = backboneShapes();
    long pool3 = shapes.get("vgg16/conv3_3/bias").dim(0);
    long conv4 = shapes.get("vgg16/conv4_3/bias").dim(0);
    long fc7 = shapes.get("vgg16/fc7/bias").dim(0);
    shapes.put("user/pool3/kernel", Shape.of(1, 1, pool3, CLASSES));
    shapes.put("user/conv4_3/kernel", Shape.of(3, 3, conv4, CLASSES));
    shapes.put("user/fc7/kernel", Shape.of(1, 1, fc7, CLASSES));
    shapes.put("user/up/kernel", Shape.of(4, 4, CLASSES, CLASSES));
    return new Case(BackwardTest::userScores, shapes, List.of(frozen), 96, 128);
  }

  private static Map<String, Shape> backboneShapes() {
    Map<String, Shape> shapes = new LinkedHashMap<>(NarrowNetwork.shapes(Model.VGG16, CLASSES));
    shapes.keySet().removeIf(name -> name.contains("/fc8/"));
    return shapes;
  }

  /** Two backbones with the same parameters, the second on what the first one makes of it. */
  private static Case twice() {
    Scores scores =
        (ops, images, parameters) -> {
          Output pixels = Network.preprocess(ops, images);
          Network first =
              Network.buildBackbone(ops.withScope("a"), Backbone.VGG16, pixels, parameters);
          Output between =
              ops.conv2d(
                  "between",
                  first.endPoint("conv1_2"),
                  parameters.get("user/between/kernel"),
                  "SAME");
          Network second =
              Network.buildBackbone(ops.withScope("b"), Backbone.VGG16, between, parameters);
          return ops.conv2d(
              "score", second.endPoint("pool5"), parameters.get("user/score/kernel"), "SAME");
        };
    Map<String, Shape> shapes = backboneShapes();
    shapes.put("user/between/kernel", Shape.of(1, 1, shapes.get("vgg16/conv1_2/bias").dim(0), 3));
    shapes.put(
        "user/score/kernel", Shape.of(1, 1, shapes.get("vgg16/conv5_3/bias").dim(0), CLASSES));
    return new Case(scores, shapes, List.of("vgg16/fc6", "vgg16/fc7"), 64, 96);
  }

  static Stream<Arguments> cases() {
    return Stream.of(
        Arguments.of("all trained", fcn8s(96, 128)),
        Arguments.of("all trained, odd sizes", fcn8s(100, 75)),
        Arguments.of("frozen below", fcn8s(96, 128, "vgg16/conv1", "vgg16/conv2", "vgg16/conv3_1")),
        Arguments.of(
            "frozen in between",
            fcn8s(100, 75, "vgg16/conv2", "vgg16/conv4_3", "vgg16/conv5_1", "vgg16/fc6")),
        Arguments.of("one bias at the bottom", fcn8s(96, 128, "vgg16/conv1_1/kernel")),
        Arguments.of("head", fcn8s(100, 75, "vgg16")),
        Arguments.of("own network", user()),
        Arguments.of("own network, frozen in between", user("vgg16/conv2", "vgg16/conv4_3")),
        Arguments.of("own network, head", user("vgg16")),
        Arguments.of("a backbone twice", twice()),
        Arguments.of("a layer below, end points above", adapter()),
        Arguments.of("some large kernels", largeKernels()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void everyVariableHasTheGradientOfStockKernels(String name, Case net) {
    Kernels own = OwnKernels.get();
    try (Built expected = new Built(net, Kernels.STOCK);
        Built actual = new Built(net, own)) {
      assertThat(actual.types()).as(name).anyMatch(type -> type.startsWith("Graft"));
      Map<String, float[]> gradients = actual.run();
      expected
          .run()
          .forEach(
              (variable, gradient) -> {
                assertThat(Golden.norm(gradient)).as(variable).isPositive();
                assertThat(Golden.relativeError(gradients.get(variable), gradient))
                    .as(variable)
                    .isLessThan(Golden.GRADIENTS);
              });
    }
  }

  @Test
  void whatIsFrozenCostsNoBackwardWork() {
    Kernels own = OwnKernels.get();
    try (Built head = new Built(fcn8s(96, 128, "vgg16"), own)) {
      // Three score layers are trained, and nothing below them.
      assertThat(head.types()).filteredOn("GraftActivationGrad"::equals).hasSize(3);
      assertThat(head.types()).filteredOn("GraftConvGemmFilterGrad"::equals).hasSize(3);
      assertThat(head.types())
          .doesNotContain("GraftConvGemmInputGrad", "GraftFilterGrad", "GraftPackKernel");
      assertThat(head.recordedPools()).isZero();
    }
    try (Built top =
        new Built(
            fcn8s(96, 128, "vgg16/conv1", "vgg16/conv2", "vgg16/conv3", "vgg16/conv4"), own)) {
      assertThat(top.types()).filteredOn("GraftFilterGrad"::equals).hasSize(3);
      // Forward three times, and back through all but the lowest of conv5.
      assertThat(top.types()).filteredOn("GraftPackKernel"::equals).hasSize(3 + 2);
      assertThat(top.recordedPools()).isEqualTo(1);
    }
    try (Built between = new Built(fcn8s(96, 128, "vgg16/conv2", "vgg16/fc6"), own)) {
      assertThat(between.types()).filteredOn("GraftFilterGrad"::equals).hasSize(13 - 2);
      assertThat(between.types())
          .filteredOn("GraftConvGemmFilterGrad"::equals)
          .hasSize(4); // fc7 and three score layers
    }
  }

  @Test
  void layersOfOtherOpsAreRefused() {
    Kernels own = OwnKernels.get();
    Case net = fcn8s(96, 128);
    Scores stray =
        (ops, images, parameters) ->
            net.scores().of(new Ops(ops.graph(), own).withScope("stray"), images, parameters);
    assertThatThrownBy(
            () -> new Built(new Case(stray, net.shapes(), List.of(), 96, 128), own).close())
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("stray/")
        .hasMessageContaining("has no gradient");
  }

  /** A network with the gradients of a loss. */
  private final class Built implements AutoCloseable {
    private final Graph graph = new Graph();
    private final Case net;
    private final Output images;
    private final Output labels;
    private final Output logits;
    private final List<Variable> variables;
    private final Output[] gradients;
    private final Ops ops;

    Built(Case net, Kernels kernels) {
      this.net = net;
      ConstantsCache cache = new ConstantsCache(temp, 1 << 30);
      Map<String, Constant> constants =
          SeededConstants.in(
              cache, net.shapes(), FreezePolicy.of(net.frozen()).frozen(net.shapes().keySet()));
      cache.pack(constants, kernels, bytes -> {});
      ops = new Ops(graph, kernels);
      images = ops.placeholder("images", DataType.UINT8, -1, -1, -1, 3);
      labels = ops.placeholder("labels", DataType.UINT8, -1, -1, -1);
      Parameters parameters = Parameters.create(ops, net.shapes(), constants);
      logits = net.scores().of(ops.withGradients(), images, parameters.values());
      Losses.Loss loss = Losses.pixelCrossEntropy(ops, logits, labels, 255, List.of());
      variables = parameters.variables();
      gradients =
          Backward.gradients(
              ops,
              "gradients",
              loss.logits(),
              loss.logitsGradient(),
              variables.stream().map(Variable::read).toArray(Output[]::new));
    }

    Map<String, float[]> run() {
      byte[] pixels = NarrowNetwork.noise(3, 2 * net.height() * net.width() * 3, 256);
      Map<String, float[]> result = new HashMap<>();
      try (WeightStore values = Initializers.store(net.shapes(), 1);
          Session session = session(values);
          Tensor batch = Tensor.of(pixels, 2, net.height(), net.width(), 3);
          Tensor scores = session.runner().feed(images, batch).fetch(logits).runOne();
          Tensor ids =
              Tensor.of(
                  NarrowNetwork.noise(4, (int) (2 * scores.dim(1) * scores.dim(2)), CLASSES),
                  2,
                  scores.dim(1),
                  scores.dim(2))) {
        assertThat(gradients).doesNotContainNull();
        Session.Runner runner = session.runner().feed(images, batch).feed(labels, ids);
        for (Output gradient : gradients) {
          runner.fetch(gradient);
        }
        List<Tensor> tensors = runner.run();
        for (int i = 0; i < gradients.length; i++) {
          try (Tensor tensor = tensors.get(i)) {
            result.put(variables.get(i).name(), tensor.toFloats());
          }
        }
      }
      return result;
    }

    private Session session(WeightStore values) {
      Map<Operation, Output> assigns = new LinkedHashMap<>();
      Map<Operation, String> names = new HashMap<>();
      for (Variable variable : variables) {
        Output value =
            ops.placeholder("init/" + variable.name(), DataType.FLOAT, variable.shape().dims());
        Operation assign = ops.assign("assign/" + variable.name(), variable.handle(), value);
        assigns.put(assign, value);
        names.put(assign, variable.name());
      }
      Session session = new Session(graph);
      assigns.forEach(
          (assign, value) -> {
            String name = names.get(assign);
            try (Tensor tensor = Tensor.allocate(DataType.FLOAT, net.shapes().get(name).dims())) {
              values.get(name).read(0, tensor.bytes().order(ByteOrder.LITTLE_ENDIAN));
              session.runner().feed(value, tensor).target(assign).run();
            }
          });
      return session;
    }

    List<String> types() {
      return graph.operations().stream().map(Operation::type).toList();
    }

    /** Pools that record what they took. */
    long recordedPools() {
      return ops.kernels().operations().stream()
          .filter(OwnConvolution.class::isInstance)
          .filter(operation -> ((OwnConvolution) operation).which().isPresent())
          .count();
    }

    @Override
    public void close() {
      graph.close();
    }
  }
}
