package dev.graft.weights.pickle;

import java.util.ArrayList;
import java.util.List;

/** A Python list. Compared by identity: it may hold itself. */
public final class PyList {
  private final List<Object> items = new ArrayList<>(0);

  public List<Object> items() {
    return items;
  }
}
