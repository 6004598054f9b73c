package dev.graft.cli.demo;

import dev.graft.capi.Call;
import dev.graft.capi.DataType;
import dev.graft.capi.Graph;
import dev.graft.capi.Output;
import dev.graft.capi.Session;
import dev.graft.capi.Tensor;
import dev.graft.graph.Backbone;
import dev.graft.graph.Initializers;
import dev.graft.graph.Model;
import dev.graft.graph.Network;
import dev.graft.graph.Ops;
import dev.graft.graph.Optimizer;
import dev.graft.graph.ParameterShapes;
import dev.graft.graph.TrainingGraph;
import dev.graft.graph.Validation;
import dev.graft.train.Progress;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A narrow VGG16 that learns to tell which kind of shape a picture shows, if any. */
final class KindClassifier {
  private static final int SIZE = 64; // pixels
  private static final int BATCH = 32;
  private static final int STEPS = 700;
  private static final int HELD_OUT_BATCHES = 16;
  private static final float LEARNING_RATE = 1e-3f;
  private static final float WEIGHT_DECAY = 1e-4f;
  private static final String WORK = "training a narrow VGG16 classifier";

  /** Channels of the five stages; the published net has 64, 128, 256, 512 and 512. */
  private static final int[] CHANNELS = {16, 32, 48, 64, 64};

  private static final int FC_CHANNELS = 128;

  private KindClassifier() {}

  /**
   * What came of the training.
   *
   * @param weights under graph names
   * @param untrained the values before the first step, under graph names
   * @param accuracy on pictures that were not trained on
   * @param pictures that were trained on
   */
  record Result(
      WeightStore weights, WeightStore untrained, double accuracy, int pictures, int steps)
      implements AutoCloseable {
    @Override
    public void close() {
      weights.close();
      untrained.close();
    }
  }

  static Result train(long seed, Progress progress) {
    Map<String, Shape> shapes = shapes();
    WeightStore untrained = Initializers.store(shapes, seed);
    try (Graph graph = new Graph()) {
      Ops ops = new Ops(graph);
      Output images = ops.placeholder("images", DataType.UINT8, -1, SIZE, SIZE, 3);
      Output kinds = ops.placeholder("kinds", DataType.UINT8, -1, 1, 1);
      TrainingGraph training =
          TrainingGraph.build(
              ops,
              KindClassifier::scores,
              shapes,
              Map.of(),
              images,
              kinds,
              new TrainingGraph.Settings(
                  new Optimizer.Adam(LEARNING_RATE), WEIGHT_DECAY, -1, List.of(), 0, seed));
      Validation validation = training.addValidation(images, kinds);
      try (Session session = new Session(graph);
          Call step =
              session
                  .call()
                  .feed(images)
                  .feed(kinds)
                  .fetch(training.dataLoss())
                  .target(training.train())
                  .build();
          Call test =
              session.call().feed(images).feed(kinds).fetch(validation.confusion()).build()) {
        training.initialize(session, untrained::get);
        for (int i = 0; i < STEPS; i++) {
          run(step, seed + 1 + i);
          progress.update(WORK, i + 1, STEPS);
        }
        long right = 0;
        for (int i = 0; i < HELD_OUT_BATCHES; i++) {
          run(test, seed + 1 + STEPS + i);
          long[] confusion = test.result(0).toLongs();
          for (int kind = 0; kind < ShapeScenes.CLASSES.size(); kind++) {
            right += confusion[kind * ShapeScenes.CLASSES.size() + kind];
          }
        }
        double accuracy = (double) right / (HELD_OUT_BATCHES * BATCH);
        return new Result(training.values(session), untrained, accuracy, STEPS * BATCH, STEPS);
      }
    }
  }

  /**
   * Scores of pictures smaller than VGG16's 224 pixels: fc6 SAME, and the scores averaged over all
   * positions, as Simonyan and Zisserman (2015), section 3.2, apply the net densely.
   */
  private static Output scores(Ops ops, Output images, Map<String, Output> parameters) {
    Output pixels = Network.preprocess(ops, images);
    Output fc7 = Network.buildBackbone(ops, Backbone.VGG16, pixels, parameters).endPoint("fc7");
    Output conv = ops.conv2d("fc8/conv", fc7, parameters.get("vgg16/fc8/kernel"), "VALID");
    Output dense = ops.biasAdd("fc8/bias_add", conv, parameters.get("vgg16/fc8/bias"));
    return ops.op("Mean", "scores")
        .input(dense)
        .input(ops.constant("rows_and_columns", 1, 2))
        .attr("keep_dims", true)
        .output();
  }

  private static void run(Call call, long pictureSeed) {
    Crops crops = new ShapeScenes(pictureSeed).crops(BATCH, SIZE);
    byte[] kinds = new byte[BATCH];
    for (int i = 0; i < BATCH; i++) {
      kinds[i] = (byte) crops.labels()[i];
    }
    try (Tensor images = Tensor.of(crops.pixels(), BATCH, SIZE, SIZE, 3);
        Tensor labels = Tensor.of(kinds, BATCH, 1, 1)) {
      call.feed(0, images).feed(1, labels).run();
    }
  }

  private static Map<String, Shape> shapes() {
    Map<String, Shape> widths = new LinkedHashMap<>();
    for (String name : ParameterShapes.names(Model.VGG16)) {
      if (name.endsWith("/bias") && !name.contains("/fc8/")) {
        boolean conv = name.contains("/conv");
        int stage = conv ? name.charAt(name.indexOf("/conv") + 5) - '1' : 0;
        widths.put(name, Shape.of(conv ? CHANNELS[stage] : FC_CHANNELS));
      }
    }
    return ParameterShapes.resolve(Model.VGG16, widths, ShapeScenes.CLASSES.size());
  }
}
