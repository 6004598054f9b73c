package dev.graft.mapping;

import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** A store in memory that can be changed. */
final class FakeStore implements WeightStore {
  private final String source;
  private final Map<String, WeightArray> arrays = new LinkedHashMap<>();
  private boolean closed;

  FakeStore(String source) {
    this.source = source;
  }

  FakeStore with(String name, WeightArray array) {
    arrays.put(name, array);
    return this;
  }

  FakeStore without(String name) {
    if (arrays.remove(name) == null) {
      throw new NoSuchElementException(name);
    }
    return this;
  }

  boolean closed() {
    return closed;
  }

  @Override
  public String source() {
    return source;
  }

  @Override
  public List<String> names() {
    return List.copyOf(arrays.keySet());
  }

  @Override
  public boolean contains(String name) {
    return arrays.containsKey(name);
  }

  @Override
  public FakeArray get(String name) {
    if (!arrays.containsKey(name)) {
      throw new NoSuchElementException(name);
    }
    return (FakeArray) arrays.get(name);
  }

  @Override
  public void close() {
    closed = true;
  }
}
