package dev.graft.weights.hdf5;

import dev.graft.weights.OtherEntry;
import dev.graft.weights.WeightArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a file holds, by full path without the leading slash, in the order of the file. */
final class Tree {
  /** Arrays. */
  final Map<String, WeightArray> arrays = new LinkedHashMap<>();

  /** The layers that a group's attribute names; the root group is "". */
  final Map<String, List<String>> layerNames = new LinkedHashMap<>();

  /** The weights that a group's attribute names. */
  final Map<String, List<String>> weightNames = new LinkedHashMap<>();

  /** Everything else that is shown. */
  final List<OtherEntry> others = new ArrayList<>();

  /** The path of something in a group. */
  static String path(String group, String name) {
    return group.isEmpty() ? name : group + "/" + name;
  }
}
