package dev.graft.mapping;

import dev.graft.weights.WeightStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Compares a store's names and shapes with tables. */
final class Suggestions {
  private final WeightStore store;
  private final NameMapping table;
  private final Findings findings = Findings.unheard();
  private final SourceKeys keys;
  private final List<String> missing = new ArrayList<>();
  private final List<String> unexpected = new ArrayList<>();
  private int matched;
  private int misfits;

  /** A suggestion with what it is ranked by: arrays that fit, and arrays missing or unexpected. */
  private record Ranked(Suggestion suggestion, int fitting, int amiss) {}

  private Suggestions(WeightStore store, NameMapping table) {
    this.store = store;
    this.table = table;
    this.keys = new SourceKeys(store, table, Direction.IMPORT, findings);
  }

  /** Those that have any of the names, the likeliest first; equals in the order of the tables. */
  static List<Suggestion> of(WeightStore store, List<NameMapping> tables) {
    return tables.stream()
        .map(table -> new Suggestions(store, table).ranked())
        .filter(ranked -> ranked.suggestion().matched() > 0)
        .sorted(
            Comparator.comparing((Ranked ranked) -> !ranked.suggestion().fits())
                .thenComparing(ranked -> -ranked.fitting())
                .thenComparing(Ranked::amiss))
        .map(Ranked::suggestion)
        .toList();
  }

  private Ranked ranked() {
    compareRows();
    keys.all().keySet().stream()
        .filter(plain -> !keys.known(plain) && !table.ignores(plain))
        .forEach(plain -> unexpected.add(keys.all().get(plain)));
    boolean fits = findings.all().isEmpty() && missing.isEmpty() && unexpected.isEmpty();
    Suggestion suggestion =
        new Suggestion(
            table.name(), matched, table.rows().size(), unexpected.size(), fits, words(fits));
    return new Ranked(suggestion, matched - misfits, missing.size() + unexpected.size());
  }

  private void compareRows() {
    ShapeCheck shapes = new ShapeCheck(Direction.IMPORT, findings);
    Set<String> layers = new HashSet<>();
    for (Row row : table.rows()) {
      Optional<String> key = keys.of(row);
      if (key.isPresent()) {
        matched++;
        layers.add(Scope.parent(row.name()));
        shapes.check(row, key.get(), store.get(key.get()).shape());
      }
    }
    misfits = shapes.misfits();
    shapes.symbols();
    for (Row row : table.rows()) {
      boolean needed = !table.partial() || layers.contains(Scope.parent(row.name()));
      if (needed && keys.of(row).isEmpty()) {
        missing.add(keys.wanted(row));
      }
    }
  }

  private String words(boolean fits) {
    List<String> words = new ArrayList<>();
    if (!keys.namingName().isEmpty()) {
      words.add("names of " + keys.namingName());
    }
    if (fits) {
      words.add(matched == 1 ? "its array fits" : "all " + matched + " arrays fit");
    } else {
      words.add(matched - misfits + " of " + keys.all().size() + " arrays fit");
    }
    if (!missing.isEmpty()) {
      words.add("missing: " + some(missing));
    }
    if (!unexpected.isEmpty()) {
      words.add("not in the table: " + some(unexpected));
    }
    findings.all().stream().findFirst().ifPresent(finding -> words.add(finding.message()));
    return String.join("; ", words);
  }

  private static String some(List<String> names) {
    int shown = Math.min(2, names.size());
    String list = String.join(", ", names.subList(0, shown));
    return names.size() > shown ? list + " and " + (names.size() - shown) + " more" : list;
  }
}
