package dev.graft.weights.hdf5;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The lists of names among a group's attributes. Keras splits a list of more than 64 KiB into
 * attributes with a number at the end of their names: {@code layer_names0}, {@code layer_names1}.
 */
final class NameLists {
  private final Map<String, Attribute> attributes = new LinkedHashMap<>();
  private final GlobalHeap heap;

  NameLists(List<Attribute> attributes, GlobalHeap heap) {
    for (Attribute attribute : attributes) {
      this.attributes.put(attribute.name(), attribute);
    }
    this.heap = heap;
  }

  /** Takes out a list; empty where there is none. */
  Optional<List<String>> take(String name) {
    Attribute whole = attributes.remove(name);
    if (whole != null) {
      return Optional.of(whole.names(heap));
    }
    Attribute part = attributes.remove(name + 0);
    if (part == null) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    for (int i = 1; part != null; i++) {
      names.addAll(part.names(heap));
      part = attributes.remove(name + i);
    }
    return Optional.of(names);
  }

  /** The attributes that have not been taken. */
  List<Attribute> rest() {
    return List.copyOf(attributes.values());
  }
}
