package dev.graft.bench;

import dev.graft.capi.Call;
import dev.graft.capi.DataType;
import dev.graft.capi.Graph;
import dev.graft.capi.Output;
import dev.graft.capi.Session;
import dev.graft.capi.SessionOptions;
import dev.graft.capi.Tensor;
import dev.graft.graph.Constant;
import dev.graft.graph.FreezePolicy;
import dev.graft.graph.Kernels;
import dev.graft.graph.Model;
import dev.graft.graph.ModelWeights;
import dev.graft.graph.Ops;
import dev.graft.graph.Optimizer;
import dev.graft.graph.TrainingGraph;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One step of training VGG16-FCN-8s with Adam: four images of 224×224, 21 classes, forward,
 * backward and updates. The same batch each time: the input pipeline is not measured.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 2, jvmArgsAppend = "-Xmx512m")
@Warmup(iterations = 2, time = 10)
@Measurement(iterations = 5, time = 10)
public class TrainStep {
  private static final int BATCH = 4;

  /** Frozen: constants, no gradients below the head. Trained: all 134 M parameters. */
  @Param({"frozen", "trained"})
  public String backbone;

  @Param("full")
  public String size;

  /** Graft's own operations where they can be used, or TensorFlow's. */
  @Param({"own", "stock"})
  public String kernels;

  /** Inside an operation; 0: TensorFlow decides. */
  @Param("0")
  public int threads;

  private final float[] loss = new float[1];
  // Open as long as the session: variables may lie in its memory until they change.
  private ModelWeights weights;
  private Graph graph;
  private Session session;
  private Tensor images;
  private Tensor labels;
  private Call step;

  @Setup
  public void open() {
    int pixels = NetSize.of(size).pixels(224);
    images = Tensor.of(Networks.noise(BATCH * pixels * pixels * 3, 256), BATCH, pixels, pixels, 3);
    labels =
        Tensor.of(
            Networks.noise(BATCH * pixels * pixels, Networks.SEGMENTATION_CLASSES),
            BATCH,
            pixels,
            pixels);
    graph = new Graph();
    SessionOptions options = SessionOptions.DEFAULT.withIntraOpThreads(threads);
    Kernels chosen = Networks.kernels(kernels).in(options);
    Ops ops = new Ops(graph, chosen);
    Output imagesIn = ops.placeholder("images", DataType.UINT8, BATCH, pixels, pixels, 3);
    Output labelsIn = ops.placeholder("labels", DataType.UINT8, BATCH, pixels, pixels);
    weights = Networks.weights(Model.FCN8S, NetSize.of(size));
    Map<String, Constant> frozen =
        weights.constants(freeze().frozen(weights.shapes().keySet()), chosen, bytes -> {});
    TrainingGraph training =
        TrainingGraph.build(
            ops, Model.FCN8S, weights.shapes(), frozen, imagesIn, labelsIn, settings());
    session = new Session(graph, options);
    training.initialize(session, weights::array);
    step =
        session
            .call()
            .feed(imagesIn)
            .feed(labelsIn)
            .fetch(training.dataLoss())
            .target(training.train())
            .build()
            .feed(0, images)
            .feed(1, labels);
  }

  private FreezePolicy freeze() {
    return switch (backbone) {
      case "frozen" -> FreezePolicy.of(List.of("vgg16"));
      case "trained" -> FreezePolicy.NONE;
      default ->
          throw new IllegalArgumentException("backbone is frozen or trained, not " + backbone);
    };
  }

  private static TrainingGraph.Settings settings() {
    return new TrainingGraph.Settings(
        new Optimizer.Adam(1e-5f), 5e-4f, 255, List.of(), 0.5f, SyntheticWeights.SEED);
  }

  @Benchmark
  public float step() {
    step.run();
    step.result(0).read(0, loss, 0, 1);
    if (!Float.isFinite(loss[0])) {
      throw new IllegalStateException("the loss is " + loss[0]);
    }
    return loss[0];
  }

  @TearDown
  public void close() {
    step.close();
    session.close();
    graph.close();
    weights.close();
    labels.close();
    images.close();
  }
}
