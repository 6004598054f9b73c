package dev.graft.weights.pickle;

import dev.graft.weights.WeightStore;
import java.util.List;
import java.util.Map;

/**
 * The dictionary .npy whose layout follows from the names: {@code key[0]}, {@code key[1]}, ...
 * become one key with a list, or, where an index is missing, with a dictionary of integer keys;
 * every other name is a key.
 */
public final class DictionaryNpyWriter extends DictionaryContainer {
  @Override
  public String name() {
    return "npy";
  }

  @Override
  public String description() {
    return "numpy dictionary, pickled";
  }

  @Override
  public List<String> extensions() {
    return List.of(".npy");
  }

  @Override
  Map<String, DictionaryGroups.Entry> entries(WeightStore store, String destination) {
    return DictionaryGroups.automatic(store, destination);
  }
}
