package dev.graft.graph;

import dev.graft.weights.Shape;
import dev.graft.weights.WeightStore;
import java.util.LinkedHashMap;
import java.util.Map;

/** Initial values, put into a cache of constants. */
final class SeededConstants {
  private SeededConstants() {}

  /** Those of the parameters that are named, of all that have these shapes; always the same. */
  static Map<String, Constant> in(
      ConstantsCache cache, Map<String, Shape> shapes, Iterable<String> names) {
    Map<String, Constant> result = new LinkedHashMap<>();
    try (WeightStore values = Initializers.store(shapes, 1)) {
      names.forEach(name -> result.put(name, cache.put(name, values.get(name))));
    }
    return result;
  }
}
