package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.capi.CheckpointReader;
import dev.graft.capi.DataType;
import dev.graft.capi.Graph;
import dev.graft.capi.Output;
import dev.graft.capi.Session;
import dev.graft.capi.Tensor;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps, validations and checkpoints with Graft's operations beside those of TensorFlow's. */
class OwnTrainingTest {
  private static final int CLASSES = 5;
  private static final int HEIGHT = 64;
  private static final int WIDTH = 48;
  private static final Map<String, Shape> SHAPES =
      NarrowNetwork.shapesForOnePass(Model.FCN8S, CLASSES);

  @TempDir private Path temp;

  @Test
  void validationSeesTheWeightsOfEveryStep() {
    Kernels own = OwnKernels.get();
    try (Run expected = new Run(Kernels.STOCK);
        Run actual = new Run(own)) {
      float before = actual.validate();
      assertThat(before).isCloseTo(expected.validate(), within(1e-5f));
      for (int i = 0; i < 3; i++) {
        assertThat(actual.step()).isCloseTo(expected.step(), within(5e-5f));
        float after = actual.validate();
        assertThat(after).isCloseTo(expected.validate(), within(5e-5f));
        assertThat(after).isNotCloseTo(before, within(1e-3f));
        // Nothing has changed in between.
        assertThat(actual.validate()).isEqualTo(after);
        before = after;
      }
    }
  }

  @Test
  void aCheckpointGoesOnWithEitherKind() {
    Kernels own = OwnKernels.get();
    Path ownFolder = temp.resolve("own");
    Path stockFolder = temp.resolve("stock");
    float expected;
    try (Run stock = new Run(Kernels.STOCK);
        Run ours = new Run(own)) {
      stock.step();
      ours.step();
      stock.checkpoint.save(stock.session, stockFolder);
      ours.checkpoint.save(ours.session, ownFolder);
      expected = stock.validate();
    }
    try (CheckpointReader ours =
            new CheckpointReader(ownFolder.resolve(Checkpoint.PREFIX).toString());
        CheckpointReader stock =
            new CheckpointReader(stockFolder.resolve(Checkpoint.PREFIX).toString())) {
      assertThat(ours.names()).isEqualTo(stock.names()).isNotEmpty();
    }
    try (Run stock = new Run(Kernels.STOCK);
        Run ours = new Run(own)) {
      stock.checkpoint.restore(stock.session, ownFolder);
      ours.checkpoint.restore(ours.session, stockFolder);
      assertThat(stock.validate()).isCloseTo(expected, within(5e-5f));
      assertThat(ours.validate()).isCloseTo(expected, within(5e-5f));
    }
  }

  /** What the second of two layers has computed on its way cannot be used for a gradient. */
  @Test
  void layersThatAreTrainedAreNotComputedInOnePass() {
    Kernels own = OwnKernels.get();
    try (Run frozen = new Run(own);
        Run half = new Run(own, List.of("vgg16/conv1_1"));
        Run trained = new Run(own, List.of())) {
      assertThat(frozen.step()).isFinite();
      assertThat(half.step()).isFinite();
      assertThat(trained.step()).isFinite();
      // Of the step and the validation; of the validation.
      assertThat(frozen.count("GraftTwoConv3x3Pool")).isEqualTo(2);
      assertThat(half.count("GraftTwoConv3x3Pool")).isEqualTo(1);
      assertThat(trained.count("GraftTwoConv3x3Pool")).isEqualTo(1);
    }
  }

  /** A training of FCN-8s, with dropout, above frozen layers. */
  private final class Run implements AutoCloseable {
    private final Graph graph = new Graph();
    private final TrainingGraph training;
    private final Validation validation;
    private final Checkpoint checkpoint;
    private final Session session;
    private final Output images;
    private final Output labels;
    private final Tensor pixels =
        Tensor.of(NarrowNetwork.noise(5, 2 * HEIGHT * WIDTH * 3, 256), 2, HEIGHT, WIDTH, 3);
    private final Tensor ids =
        Tensor.of(NarrowNetwork.noise(6, 2 * HEIGHT * WIDTH, CLASSES), 2, HEIGHT, WIDTH);

    Run(Kernels kernels) {
      this(kernels, List.of("vgg16/conv1", "vgg16/conv4_2"));
    }

    Run(Kernels kernels, List<String> freeze) {
      ConstantsCache cache = new ConstantsCache(temp.resolve("cache"), 1 << 30);
      Map<String, Constant> frozen =
          SeededConstants.in(cache, SHAPES, FreezePolicy.of(freeze).frozen(SHAPES.keySet()));
      try (WeightStore values = Initializers.store(SHAPES, 1)) {
        cache.pack(frozen, kernels, bytes -> {});
        Ops ops = new Ops(graph, kernels);
        images = ops.placeholder("images", DataType.UINT8, -1, -1, -1, 3);
        labels = ops.placeholder("labels", DataType.UINT8, -1, -1, -1);
        training =
            TrainingGraph.build(
                ops,
                Model.FCN8S,
                SHAPES,
                frozen,
                images,
                labels,
                new TrainingGraph.Settings(
                    new Optimizer.Sgd(1e-2f), 5e-4f, 255, List.of(), 0.5f, 1));
        checkpoint = new Checkpoint(training, frozen.values());
        validation = training.addValidation(images, labels);
        session = new Session(graph);
        training.initialize(session, values::get);
      }
    }

    long count(String type) {
      return graph.operations().stream().filter(op -> op.type().equals(type)).count();
    }

    float step() {
      try (Tensor loss =
          session
              .runner()
              .feed(images, pixels)
              .feed(labels, ids)
              .fetch(training.dataLoss())
              .target(training.train())
              .runOne()) {
        return loss.toFloats()[0];
      }
    }

    float validate() {
      try (Tensor loss =
          session
              .runner()
              .feed(images, pixels)
              .feed(labels, ids)
              .fetch(validation.dataLoss())
              .runOne()) {
        return loss.toFloats()[0];
      }
    }

    @Override
    public void close() {
      session.close();
      graph.close();
      pixels.close();
      ids.close();
    }
  }
}
