package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.capi.DataType;
import dev.graft.capi.Graph;
import dev.graft.capi.Output;
import dev.graft.capi.SessionOptions;
import dev.graft.mapping.NameMapping;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.WeightWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What fully connected weights as bfloat16 do to the answers of the reference networks. */
class Bfloat16PredictionTest {
  private static final NameMapping GRAFT = NameMapping.bundled("graft");

  @TempDir private Path temp;
  private Kernels own;
  private Kernels rounding;

  @BeforeEach
  void find() {
    own = OwnKernels.get();
    rounding = own.withBfloat16Dense();
  }

  private ConstantsCache cache() {
    return new ConstantsCache(temp.resolve("cache"), 1 << 30);
  }

  private static ModelWeights.Request request(Model model, Path backbone) {
    List<ModelWeights.Source> sources =
        model.segments()
            ? List.of(
                new ModelWeights.Source(backbone, GRAFT),
                new ModelWeights.Source(Golden.file("head.npz"), GRAFT))
            : List.of(new ModelWeights.Source(backbone, GRAFT));
    Set<String> exclude = model.segments() ? Set.of("vgg16/fc8") : Set.of();
    return new ModelWeights.Request(model, sources, exclude, List.of(), 0, 0);
  }

  /** The logits of one image of a reference. */
  private float[] logits(Model model, Path backbone, String golden, Kernels kernels) {
    try (WeightStore store = WeightStore.open(Golden.file(golden));
        ModelWeights weights = ModelWeights.load(request(model, backbone), cache());
        Predictor predictor = Predictor.of(weights, kernels, SessionOptions.DEFAULT, b -> {})) {
      Shape shape = store.get("image").shape();
      int height = (int) shape.dim(1);
      int width = (int) shape.dim(2);
      byte[] image = Arrays.copyOf(Golden.bytes(store, "image"), height * width * 3);
      int answers = predictor.rows(height) * predictor.columns(width) * predictor.classes();
      float[] logits = new float[answers];
      predictor.logits(image, height, width, logits);
      return logits;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "vgg16, classifier.npz",
    "fcn8s, fcn8s_96x128.npz",
    "fcn8s, fcn8s_100x75.npz",
  })
  void answersDifferByWhatRoundingTheWeightsDoes(String name, String golden) {
    Model model = Model.of(name);
    Path weights = Golden.file("weights.npz");
    float[] exact = logits(model, weights, golden, own);
    float[] rounded = logits(model, weights, golden, rounding);
    assertThat(Golden.relativeError(rounded, exact)).isBetween(1e-5, 5e-3);

    float[] ofRoundedFile = logits(model, roundedFile(model), golden, own);
    assertThat(Golden.relativeError(rounded, ofRoundedFile)).isLessThan(1e-5);
  }

  /** The reference's weights with those of the fully connected layers rounded, as float32. */
  private Path roundedFile(Model model) {
    Path file = temp.resolve(model + ".npz");
    try (WeightStore store = WeightStore.open(Golden.file("weights.npz"))) {
      Map<String, WeightArray> arrays = new LinkedHashMap<>();
      for (String name : store.names()) {
        WeightArray array = store.get(name);
        boolean dense = name.matches("vgg16/fc[678]/kernel");
        arrays.put(name, dense ? rounded(array) : array);
      }
      WeightWriter.write(file, WeightStores.of(arrays, "rounded weights"));
    }
    return file;
  }

  private static WeightArray rounded(WeightArray array) {
    float[] values = WeightArrays.floats(array);
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(Bfloat16.round(Float.floatToRawIntBits(values[i])) << 16);
    }
    return WeightArrays.of(values, array.shape().dims());
  }

  @Test
  void whatIsMissingIsCountedAndMadeOnce() {
    try (ModelWeights weights =
        ModelWeights.load(request(Model.VGG16, Golden.file("weights.npz")), cache())) {
      Set<String> names = weights.shapes().keySet();
      long[] done = {0};
      weights.constants(names, own, bytes -> {});
      long dense =
          names.stream()
              .filter(name -> name.matches("vgg16/fc[678]/kernel"))
              .mapToLong(name -> weights.shapes().get(name).elementCount() * Float.BYTES)
              .sum();
      long missing = weights.missingBytes(names, rounding);
      assertThat(missing - weights.missingBytes(names, own)).isEqualTo(dense);
      weights.constants(names, rounding, bytes -> done[0] += bytes);
      assertThat(done[0]).isGreaterThanOrEqualTo(dense);
      assertThat(cache().usedBytes()).isGreaterThan(dense + dense / 2);
    }
  }

  @Test
  void aTrainingGraphIsRefused() {
    Map<String, Shape> shapes = NarrowNetwork.shapes(Model.FCN8S, 3);
    TrainingGraph.Settings settings =
        new TrainingGraph.Settings(new Optimizer.Sgd(1e-2f), 0, 255, List.of(), 0, 1);
    try (Graph graph = new Graph()) {
      Ops ops = new Ops(graph, rounding);
      Output images = ops.placeholder("images", DataType.UINT8, -1, -1, -1, 3);
      Output labels = ops.placeholder("labels", DataType.UINT8, -1, -1, -1);
      assertThatThrownBy(
              () ->
                  TrainingGraph.build(ops, Model.FCN8S, shapes, Map.of(), images, labels, settings))
          .isInstanceOf(GraphException.class)
          .hasMessageContaining("cannot be trained: these layers have no gradient");
    }
  }
}
