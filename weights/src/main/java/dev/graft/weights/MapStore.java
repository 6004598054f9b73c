package dev.graft.weights;

import dev.graft.weights.io.Printable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** A store whose arrays stand in a map. */
final class MapStore implements WeightStore {
  private final Map<String, WeightArray> arrays;
  private final List<String> names;
  private final List<OtherEntry> others;
  private final String source;
  private final Runnable onClose;

  MapStore(
      Map<String, WeightArray> arrays, List<OtherEntry> others, String source, Runnable onClose) {
    this.arrays = new LinkedHashMap<>(arrays);
    this.names = List.copyOf(this.arrays.keySet());
    this.others = List.copyOf(others);
    this.source = source;
    this.onClose = onClose;
  }

  @Override
  public String source() {
    return source;
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
      throw new NoSuchElementException(source + ": has no array " + Printable.of(name));
    }
    return array;
  }

  @Override
  public List<OtherEntry> others() {
    return others;
  }

  @Override
  public void close() {
    onClose.run();
  }
}
