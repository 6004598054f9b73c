package dev.graft.graph;

import dev.graft.weights.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The shapes of all parameters of a model: widths are read from the weights' shapes where weights
 * are given, and are the published ones where not. Kernels are HWIO; those of transposed
 * convolutions [height, width, out, in].
 */
public final class ParameterShapes {
  private final Map<String, Shape> given;
  private final Map<String, Shape> shapes = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  private ParameterShapes(Map<String, Shape> given) {
    this.given = given;
  }

  /**
   * The names of all parameters of a model, in the order of the network. The widths do not matter
   * for the names.
   */
  public static List<String> names(Model model) {
    return List.copyOf(resolve(model, Map.of(), 1).keySet());
  }

  /**
   * The shape of every parameter, in the order of the network.
   *
   * @param given shapes of the weights at hand, by graph name; names of other networks are ignored
   * @param classes the number of classes, or 0 to read it from the weights of the last layers
   * @throws GraphException naming every weight whose shape does not fit its neighbours
   */
  public static Map<String, Shape> resolve(Model model, Map<String, Shape> given, int classes) {
    ParameterShapes result = new ParameterShapes(given);
    result.walk(model, classes);
    if (!result.problems.isEmpty()) {
      throw GraphException.of("the weights do not fit " + model, result.problems);
    }
    return result.shapes;
  }

  private void walk(Model model, int classes) {
    Backbone backbone = model.backbone();
    String scope = backbone.scope() + "/";
    Map<String, Long> poolWidths = new LinkedHashMap<>();
    long in = 3;
    for (int stage = 1; stage <= backbone.stages(); stage++) {
      for (String layer : backbone.layers(stage)) {
        in = layer(scope + layer, 3, in, width(scope + layer, Backbone.channels(stage)));
      }
      poolWidths.put("pool" + stage, in);
    }
    in = layer(scope + "fc6", 7, in, width(scope + "fc6", Backbone.FC_CHANNELS));
    in = layer(scope + "fc7", 1, in, width(scope + "fc7", Backbone.FC_CHANNELS));
    if (!model.segments()) {
      layer(scope + "fc8", 1, in, classes > 0 ? classes : needClasses(scope + "fc8"));
      return;
    }
    Head head = model.head();
    String headScope = head.scope() + "/";
    long count = classes > 0 ? classes : needClasses(headScope + "score_fr");
    layer(headScope + "score_fr", 1, in, count);
    for (Head.Upsampling up : head.upsamplings()) {
      put(headScope + up.layer() + "/kernel", Shape.of(up.size(), up.size(), count, count));
      if (!up.skip().isEmpty()) {
        layer(headScope + "score_" + up.skip(), 1, poolWidths.get(up.skip()), count);
      }
    }
  }

  private long layer(String name, int size, long in, long out) {
    put(name + "/kernel", Shape.of(size, size, in, out));
    put(name + "/bias", Shape.of(out));
    return out;
  }

  private void put(String name, Shape expected) {
    Shape actual = given.get(name);
    if (actual != null && !actual.equals(expected)) {
      problems.add(name + ": expected the shape " + expected + ", found " + actual);
    }
    shapes.put(name, expected);
  }

  private long width(String layer, long otherwise) {
    Shape kernel = given.get(layer + "/kernel");
    if (kernel != null && kernel.rank() == 4) {
      return kernel.dim(3);
    }
    Shape bias = given.get(layer + "/bias");
    return bias != null && bias.rank() == 1 ? bias.dim(0) : otherwise;
  }

  private long needClasses(String layer) {
    long count = width(layer, 0);
    if (count == 0) {
      problems.add("the number of classes is not known: neither given nor in weights of " + layer);
      return 1;
    }
    return count;
  }
}
