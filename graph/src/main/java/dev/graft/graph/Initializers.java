package dev.graft.graph;

import dev.graft.capi.DataType;
import dev.graft.capi.Graph;
import dev.graft.capi.Output;
import dev.graft.capi.Session;
import dev.graft.capi.Tensor;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * First values of layers that no weights are given for. The same seed gives the same values, layer
 * by layer, whatever else is initialised.
 */
public final class Initializers {
  /**
   * Pixels have a standard deviation of about this: conv1_1's kernel is divided by it, so that
   * activations start near 1 rather than near 64.
   */
  private static final float PIXEL_DEVIATION = 64;

  /** The standard deviation of a standard normal variable that is truncated at ±2. */
  private static final double TRUNCATED_DEVIATION = 0.8796256610342398;

  private Initializers() {}

  /**
   * New values as a store in graph names: a network that nothing was taught yet.
   *
   * @param shapes by parameter name, as {@link ParameterShapes#resolve} gives them
   * @param seed the same one gives the same values
   */
  public static WeightStore store(Map<String, Shape> shapes, long seed) {
    return TensorArray.store(create(shapes, seed), "new values from the seed " + seed);
  }

  /**
   * New values: bilinear interpolation for upsampling kernels, truncated normal for other kernels
   * (stddev as in tensorflow-fcn for score layers: sqrt(2 / fan-in) for score_fr, 1e-3 for
   * score_pool4, 1e-4 for score_pool3; for other layers such that the values that are left after
   * truncation have He's sqrt(2 / fan-in)), 0 for biases.
   *
   * @param shapes by parameter name
   * @return tensors that the caller closes
   */
  static Map<String, Tensor> create(Map<String, Shape> shapes, long seed) {
    Map<String, Tensor> result = new LinkedHashMap<>();
    try (Graph graph = new Graph()) {
      Ops ops = new Ops(graph);
      Map<String, Output> random = new LinkedHashMap<>();
      shapes.forEach(
          (name, shape) -> {
            if (name.endsWith("/bias")) {
              result.put(name, Tensor.allocate(DataType.FLOAT, shape.dims()));
            } else if (name.contains("/upscore")) {
              result.put(name, bilinear(shape));
            } else {
              random.put(name, truncatedNormal(ops, name, shape, seed));
            }
          });
      try (Session session = new Session(graph)) {
        // One a run: all of a VGG16 at once would take twice its memory.
        random.forEach((name, output) -> result.put(name, session.runner().fetch(output).runOne()));
      }
      return result;
    }
  }

  private static Output truncatedNormal(Ops ops, String name, Shape shape, long seed) {
    Output size = ops.constant("shape", Tensor.of(shape.dims()));
    Output noise =
        ops.op("StatelessTruncatedNormal", "noise")
            .input(size)
            .input(ops.constant("seed", Tensor.of(new long[] {seed, name.hashCode()})))
            .attr("dtype", DataType.FLOAT)
            .output();
    return ops.mul("scaled", noise, ops.constant("deviation", deviation(name, shape)));
  }

  static float deviation(String name, Shape shape) {
    if (name.endsWith("/score_pool4/kernel")) {
      return 1e-3f;
    }
    if (name.endsWith("/score_pool3/kernel")) {
      return 1e-4f;
    }
    double fanIn = (double) shape.dim(0) * shape.dim(1) * shape.dim(2);
    double he = Math.sqrt(2 / fanIn);
    if (name.endsWith("/score_fr/kernel")) {
      return (float) he;
    }
    double corrected = he / TRUNCATED_DEVIATION;
    return (float) (name.endsWith("/conv1_1/kernel") ? corrected / PIXEL_DEVIATION : corrected);
  }

  /** The kernel [size, size, classes, classes] that interpolates each class for itself. */
  private static Tensor bilinear(Shape shape) {
    int size = Math.toIntExact(shape.dim(0));
    int classes = Math.toIntExact(shape.dim(2));
    int factor = (size + 1) / 2;
    double centre = size % 2 == 1 ? factor - 1 : factor - 0.5;
    float[] values = new float[Math.toIntExact(shape.elementCount())];
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        double weight = (1 - Math.abs(y - centre) / factor) * (1 - Math.abs(x - centre) / factor);
        for (int c = 0; c < classes; c++) {
          values[((y * size + x) * classes + c) * classes + c] = (float) weight;
        }
      }
    }
    return Tensor.of(values, shape.dims());
  }

  /** The parameters of these names, for messages and for {@link #create}. */
  static Map<String, Shape> shapesOf(List<String> names, Map<String, Shape> shapes) {
    Map<String, Shape> result = new LinkedHashMap<>();
    names.forEach(name -> result.put(name, shapes.get(name)));
    return result;
  }
}
