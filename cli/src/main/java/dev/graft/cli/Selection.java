package dev.graft.cli;

import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Some of a store's arrays. */
final class Selection {
  private Selection() {}

  /** The arrays of these names, in the order given. Closing it closes the store. */
  static WeightStore of(WeightStore store, List<String> names) {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    names.forEach(name -> arrays.put(name, store.get(name)));
    return WeightStores.of(arrays, store.others(), store.source(), store::close);
  }

  /**
   * The arrays that patterns match: all where there is none, an error where one matches nothing.
   */
  static WeightStore only(WeightStore store, NamePatterns patterns) {
    if (patterns.isEmpty()) {
      return store;
    }
    patterns.requireMatches("--only", store.names(), store.source());
    return of(store, patterns.among(store.names()));
  }

  /** The arrays that patterns do not match; an error where one matches nothing. */
  static WeightStore without(WeightStore store, NamePatterns patterns) {
    patterns.requireMatches("--exclude", store.names(), store.source());
    return of(store, store.names().stream().filter(name -> !patterns.match(name)).toList());
  }
}
