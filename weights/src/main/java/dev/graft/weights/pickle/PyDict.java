package dev.graft.weights.pickle;

import java.util.LinkedHashMap;
import java.util.Map;

/** A Python dictionary whose keys are Java strings and longs, in the order of the file. */
public final class PyDict {
  private final Map<Object, Object> entries = new LinkedHashMap<>(4);

  public Map<Object, Object> entries() {
    return entries;
  }
}
