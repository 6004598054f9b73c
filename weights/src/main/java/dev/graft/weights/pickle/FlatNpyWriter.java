package dev.graft.weights.pickle;

import dev.graft.weights.WeightStore;
import java.util.Map;

/** The dictionary .npy in which every name is a key: {@code {name: array}}. */
public final class FlatNpyWriter extends DictionaryContainer {
  @Override
  public String name() {
    return "npy-flat";
  }

  @Override
  public String description() {
    return "numpy dictionary {name: array}";
  }

  @Override
  Map<String, DictionaryGroups.Entry> entries(WeightStore store, String destination) {
    return DictionaryGroups.flat(store);
  }
}
