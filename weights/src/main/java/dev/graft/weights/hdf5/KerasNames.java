package dev.graft.weights.hdf5;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.OtherEntry;
import dev.graft.weights.WeightArray;
import dev.graft.weights.io.Printable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Brings arrays into Keras' order: layer by layer as {@code layer_names} has them, in each the
 * weights as {@code weight_names} has them, then what no list names. Names count from the group
 * that lists the layers: the root, or {@code model_weights} of a whole model.
 */
final class KerasNames {
  private static final String MODEL_WEIGHTS = "model_weights";
  private static final int SHOWN = 8;

  private final Tree tree;
  private final String source;
  private final Set<String> layersSeen = new HashSet<>();
  private final Set<String> order = new LinkedHashSet<>();

  KerasNames(Tree tree, String source) {
    this.tree = tree;
    this.source = source;
  }

  /** The arrays under their names, in their order. */
  Map<String, WeightArray> arrays() {
    tree.layerNames.forEach(this::addLayers);
    tree.weightNames.forEach(this::addWeights);
    order.addAll(tree.arrays.keySet());
    String prefix = tree.layerNames.containsKey(MODEL_WEIGHTS) ? MODEL_WEIGHTS + "/" : "";
    Map<String, WeightArray> named = new LinkedHashMap<>();
    for (String path : order) {
      String name = path.startsWith(prefix) ? path.substring(prefix.length()) : path;
      if (named.put(name, tree.arrays.get(path)) != null) {
        throw new MalformedWeightsException(
            source + ": the array " + Printable.of(name) + " is there twice");
      }
    }
    return named;
  }

  /** What the file holds besides arrays, the lists of layers included. */
  List<OtherEntry> others() {
    List<OtherEntry> others = new ArrayList<>();
    tree.layerNames.forEach(
        (group, layers) -> {
          String name = group.isEmpty() ? "layer_names" : group + "@layer_names";
          String shown = String.join(", ", layers.subList(0, Math.min(SHOWN, layers.size())));
          String value = Printable.of(shown) + (layers.size() > SHOWN ? ", ..." : "");
          others.add(new OtherEntry(name, "string [" + layers.size() + "]", value));
        });
    others.addAll(tree.others);
    return others;
  }

  private void addLayers(String group, List<String> layers) {
    for (String layer : layers) {
      String path = Tree.path(group, layer);
      List<String> weights = tree.weightNames.get(path);
      if (weights == null) {
        throw new MalformedWeightsException(
            source
                + ": layer_names has "
                + Printable.of(layer)
                + ", but there is no such group with weight_names");
      }
      if (!layersSeen.add(path)) {
        throw new MalformedWeightsException(
            source + ": layer_names has " + Printable.of(layer) + " twice");
      }
      addWeights(path, weights);
    }
  }

  private void addWeights(String group, List<String> weights) {
    for (String weight : weights) {
      String path = Tree.path(group, weight);
      if (!tree.arrays.containsKey(path)) {
        throw new MalformedWeightsException(
            source
                + ": weight_names of "
                + Printable.of(group)
                + " has "
                + Printable.of(weight)
                + ", but there is no such array");
      }
      order.add(path);
    }
  }
}
