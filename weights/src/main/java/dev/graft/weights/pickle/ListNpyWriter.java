package dev.graft.weights.pickle;

import dev.graft.weights.WeightStore;
import java.util.Map;

/**
 * The dictionary .npy of tensorflow-vgg: {@code {layer: [kernel, bias]}}. All names are {@code
 * layer[0]}, {@code layer[1]}, ... without a gap.
 */
public final class ListNpyWriter extends DictionaryContainer {
  @Override
  public String name() {
    return "npy-list";
  }

  @Override
  public String description() {
    return "numpy dictionary {layer: [kernel, bias]}";
  }

  @Override
  Map<String, DictionaryGroups.Entry> entries(WeightStore store, String destination) {
    return DictionaryGroups.lists(store, destination);
  }
}
