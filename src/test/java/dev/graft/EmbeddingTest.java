package dev.graft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.capi.Call;
import dev.graft.capi.DataType;
import dev.graft.capi.Graph;
import dev.graft.capi.Output;
import dev.graft.capi.Session;
import dev.graft.capi.SessionOptions;
import dev.graft.capi.Tensor;
import dev.graft.graph.Constant;
import dev.graft.graph.ConstantsCache;
import dev.graft.graph.Model;
import dev.graft.graph.ModelWeights;
import dev.graft.graph.Network;
import dev.graft.graph.Ops;
import dev.graft.graph.Parameters;
import dev.graft.graph.Predictor;
import dev.graft.mapping.NameMapping;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the README and docs/embedding.md show. */
class EmbeddingTest {
  private final byte[] rgb = new byte[224 * 224 * 3];
  private Path file;

  @BeforeEach
  void prepare() throws URISyntaxException {
    file = Path.of(getClass().getResource("/golden/tensorflow_vgg_p2.npy").toURI());
    new SplittableRandom(1).nextBytes(rgb);
  }

  private ModelWeights.Request request() {
    return ModelWeights.Request.of(Model.VGG16, file, NameMapping.bundled("tensorflow-vgg16"));
  }

  @Test
  void featuresOfAnyLayer() {
    try (ModelWeights weights = ModelWeights.load(request(), ConstantsCache.ofUser());
        Predictor predictor = Predictor.of(weights, SessionOptions.DEFAULT, bytes -> {});
        Tensor pool5 = predictor.endPoint("pool5", rgb, 224, 224)) {
      float[] features = pool5.toFloats();
      assertThat(features).hasSize(7 * 7 * 24);
    }
  }

  @Test
  void yourOwnNetworkOnAnEndPoint() {
    try (ModelWeights weights = ModelWeights.load(request(), ConstantsCache.ofUser());
        Graph graph = new Graph()) {
      Ops ops = new Ops(graph);
      Output images = ops.placeholder("images", DataType.UINT8, -1, -1, -1, 3);
      Map<String, Constant> constants = weights.constants(weights.shapes().keySet(), bytes -> {});
      Parameters parameters = Parameters.create(ops, weights.shapes(), constants);
      Network vgg =
          Network.build(ops, Model.VGG16, Network.preprocess(ops, images), parameters.values());
      Output mask = yourNetwork(ops, vgg.endPoint("pool5"));
      try (Session session = new Session(graph);
          Tensor input = Tensor.of(rgb, 1, 224, 224, 3);
          Tensor result = session.runner().feed(images, input).fetch(mask).runOne()) {
        assertThat(result.shape()).containsExactly(1, 7, 7, 24);
        for (float value : result.toFloats()) {
          assertThat(value).isBetween(0.5f, 1f);
        }
      }
    }
  }

  /** Features are not negative, so their sigmoid is at least a half. */
  private static Output yourNetwork(Ops ops, Output features) {
    return ops.unary("Sigmoid", "mask", features);
  }

  @Test
  void theNativeLayerAlone() {
    try (Graph graph = new Graph();
        Session session = new Session(graph, SessionOptions.DEFAULT.withInterOpThreads(-1))) {
      Ops ops = new Ops(graph);
      Output input = ops.placeholder("input", DataType.FLOAT, 4);
      Output output = ops.add("sum", input, input);
      float[] floats = {1, 2, 3, 4};
      try (Tensor tensor = Tensor.of(floats);
          Call call = session.call().feed(input).fetch(output).build()) {
        call.feed(0, tensor).run();
        call.result(0).read(0, floats, 0, floats.length);
        assertThat(floats).containsExactly(2, 4, 6, 8);
      }
    }
  }
}
