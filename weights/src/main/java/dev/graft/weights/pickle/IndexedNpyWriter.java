package dev.graft.weights.pickle;

import dev.graft.weights.WeightStore;
import java.util.Map;

/**
 * The dictionary .npy of tensorflow-vgg's {@code save_npy}: {@code {layer: {0: kernel, 1: bias}}}.
 * All names are {@code layer[0]}, {@code layer[1]}, ...
 */
public final class IndexedNpyWriter extends DictionaryContainer {
  @Override
  public String name() {
    return "npy-dict";
  }

  @Override
  public String description() {
    return "numpy dictionary {layer: {0: kernel, 1: bias}}";
  }

  @Override
  Map<String, DictionaryGroups.Entry> entries(WeightStore store, String destination) {
    return DictionaryGroups.indexed(store, destination);
  }
}
