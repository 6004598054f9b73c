package dev.graft.weights.hdf5;

import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightsException;
import dev.graft.weights.io.Printable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The groups and datasets of a file to be written, made of names whose parts slashes separate. */
final class OutputTree {
  private final String destination;
  private final List<Node> nodes = new ArrayList<>();
  private final Node root = new Node(null);

  private OutputTree(String destination) {
    this.destination = destination;
    nodes.add(root);
  }

  /** A group, or a dataset where it has an array. */
  static final class Node {
    /** Null for a group. */
    final WeightArray array;

    final Map<String, Node> children = new LinkedHashMap<>();

    /** Of a layer: its weights' names, which count from it. */
    final List<String> weights = new ArrayList<>();

    /** Where the header lies. */
    long address;

    /** Where the elements lie. */
    long dataAddress;

    private Node(WeightArray array) {
      this.array = array;
    }
  }

  /**
   * The tree of a store's arrays.
   *
   * @throws WeightsException for names that make no tree of HDF5 objects
   */
  static OutputTree of(WeightStore store, String destination) {
    OutputTree tree = new OutputTree(destination);
    for (String name : store.names()) {
      tree.add(name, store.get(name));
    }
    return tree;
  }

  /** All groups and datasets, each group before what is in it. */
  List<Node> nodes() {
    return nodes;
  }

  Node root() {
    return root;
  }

  /** The groups directly below the root, in order. */
  List<String> layers() {
    return root.children.entrySet().stream()
        .filter(child -> child.getValue().array == null)
        .map(Map.Entry::getKey)
        .toList();
  }

  private void add(String name, WeightArray array) {
    String[] parts = name.split("/", -1);
    check(name, parts, array);
    Node group = root;
    for (int i = 0; i < parts.length - 1; i++) {
      Node child = group.children.get(parts[i]);
      if (child == null) {
        child = put(group, parts[i], new Node(null), name);
      } else if (child.array != null) {
        throw refuse(name, "another array is called what has to be its group");
      }
      group = child;
    }
    if (group.children.containsKey(parts[parts.length - 1])) {
      throw refuse(name, "a group of other arrays is called so");
    }
    put(group, parts[parts.length - 1], new Node(array), name);
    if (parts.length > 1) {
      root.children.get(parts[0]).weights.add(name.substring(parts[0].length() + 1));
    }
  }

  private Node put(Node group, String part, Node child, String name) {
    group.children.put(part, child);
    nodes.add(child);
    if (nodes.size() > Limits.OBJECTS) {
      throw refuse(name, "there are more than " + Limits.OBJECTS + " groups and arrays");
    }
    return child;
  }

  private void check(String name, String[] parts, WeightArray array) {
    for (String part : parts) {
      if (part.isEmpty() || part.equals(".") || part.indexOf('\0') >= 0) {
        throw refuse(
            name,
            "the part "
                + Printable.of(part)
                + " of its name cannot stand in a path of HDF5, which slashes separate");
      }
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      throw refuse(name, "its name is no Unicode text");
    }
    if (parts.length > Limits.DEPTH
        || name.getBytes(StandardCharsets.UTF_8).length > Limits.PATH_BYTES) {
      throw refuse(
          name,
          "its name has more than " + Limits.DEPTH + " parts or " + Limits.PATH_BYTES + " bytes");
    }
    if (!TypeMessages.has(array.dtype())) {
      throw refuse(name, "h5py and Keras have no dtype " + array.dtype());
    }
    if (array.shape().rank() > Limits.RANK) {
      throw refuse(name, "HDF5 has at most " + Limits.RANK + " dimensions");
    }
  }

  private WeightsException refuse(String name, String reason) {
    return new WeightsException(
        destination + ": array " + Printable.of(name) + " cannot be written: " + reason);
  }
}
