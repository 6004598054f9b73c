package dev.graft.cli;

import dev.graft.mapping.MappedArray;
import dev.graft.mapping.NameMapping;
import dev.graft.mapping.Needs;
import dev.graft.mapping.ValueCheck;
import dev.graft.weights.DType;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What {@code convert} does to a store between reading and writing: cast to float32, names and
 * layout of the graph, the choice of arrays, names and layout of the destination, cast to another
 * type. Nothing is read before it is written, but for the check of values that a table makes.
 *
 * @param from the source's table, or null
 * @param to the destination's table, or null
 * @param dtype to cast to, or null
 */
record Conversion(
    NameMapping from, NameMapping to, CastType dtype, NamePatterns only, NamePatterns exclude) {
  /** The arrays to be written. */
  WeightStore of(WeightStore source) {
    // Tables take float32: a cast to it comes before them, one away from it after them.
    boolean first = dtype == CastType.F32;
    WeightStore store = first ? WeightStores.cast(source, DType.FLOAT32) : source;
    WeightStore named = from == null && to == null ? chosen(store) : mapped(store);
    if (named.names().isEmpty()) {
      throw new Failures.Failed(source.source() + ": no array is left to be written");
    }
    return dtype == null || first ? named : WeightStores.cast(named, dtype.dtype());
  }

  private WeightStore chosen(WeightStore store) {
    return Selection.only(Selection.without(store, exclude), only);
  }

  private WeightStore mapped(WeightStore store) {
    Set<String> idle = new LinkedHashSet<>(exclude.idle(excludable(store)));
    WeightStore graph = store;
    if (from != null) {
      Set<String> scopes = new LinkedHashSet<>(exclude.among(names(from, store)));
      // What matches nothing is for the table to refuse, with all else that is wrong.
      scopes.addAll(idle);
      graph = from.apply(store, Needs.wholeTable(), scopes);
    }
    WeightStore kept = Selection.only(graph, only);
    return to == null ? kept : export(kept, idle);
  }

  private WeightStore export(WeightStore kept, Set<String> idle) {
    Set<String> scopes = new LinkedHashSet<>(from == null ? idle : Set.of());
    if (from == null) {
      scopes.addAll(exclude.among(kept.names()));
    }
    if (!to.partial()) {
      scopes.addAll(exclude.among(to.graphNames()));
      if (!only.isEmpty()) {
        scopes.addAll(to.graphNames().stream().filter(name -> !kept.contains(name)).toList());
      }
    }
    return to.export(kept, scopes);
  }

  private Collection<String> excludable(WeightStore store) {
    Set<String> names = new LinkedHashSet<>();
    if (from != null) {
      names.addAll(names(from, store));
    } else {
      names.addAll(store.names());
    }
    if (to != null && !to.partial()) {
      names.addAll(to.graphNames());
    }
    return names;
  }

  /** What can be left out of a source: all of a table, or what is there of a partial one. */
  private static List<String> names(NameMapping table, WeightStore store) {
    return table.partial()
        ? table.check(store, Needs.wholeTable(), Set.of(), ValueCheck.NONE).mapped().stream()
            .map(MappedArray::name)
            .toList()
        : table.graphNames();
  }
}
