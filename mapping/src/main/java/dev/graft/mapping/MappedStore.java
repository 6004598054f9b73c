package dev.graft.mapping;

import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;

/** Arrays of other stores under new names. */
final class MappedStore implements WeightStore {
  private final List<MergedWeights.Source> sources;
  private final Map<String, WeightArray> arrays;
  private final List<String> names;

  MappedStore(List<MergedWeights.Source> sources, Map<String, WeightArray> arrays) {
    this.sources = sources;
    this.arrays = arrays;
    this.names = List.copyOf(arrays.keySet());
  }

  @Override
  public String source() {
    return sources.stream()
        .map(source -> source.store().source())
        .collect(Collectors.joining(" + "));
  }

  @Override
  public List<String> names() {
    return names;
  }

  @Override
  public boolean contains(String name) {
    return arrays.containsKey(name);
  }

  @Override
  public WeightArray get(String name) {
    WeightArray array = arrays.get(name);
    if (array == null) {
      throw new NoSuchElementException(source() + " has no array " + name);
    }
    return array;
  }

  /** Closes all sources, also where one of them fails to. */
  @Override
  public void close() {
    RuntimeException failure = null;
    for (MergedWeights.Source source : sources) {
      try {
        source.store().close();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
