package dev.graft.weights.pickle;

import java.util.List;

/** A Python tuple. Compared by identity. */
public final class PyTuple {
  private final List<Object> items;

  public PyTuple(List<Object> items) {
    this.items = List.copyOf(items);
  }

  public List<Object> items() {
    return items;
  }

  public int size() {
    return items.size();
  }

  public Object get(int index) {
    return items.get(index);
  }
}
