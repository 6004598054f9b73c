package dev.graft.weights.pickle;

import java.util.List;

/** A Python tuple. Compared by identity. */
final class PyTuple {
  private final List<Object> items;

  PyTuple(List<Object> items) {
    this.items = List.copyOf(items);
  }

  List<Object> items() {
    return items;
  }

  int size() {
    return items.size();
  }

  Object get(int index) {
    return items.get(index);
  }
}
