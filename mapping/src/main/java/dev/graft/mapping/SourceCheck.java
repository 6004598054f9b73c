package dev.graft.mapping;

import dev.graft.mapping.Finding.Kind;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Checks one store against its table: everything that can be said without the other stores. */
final class SourceCheck {
  private final WeightStore store;
  private final NameMapping table;
  private final Direction direction;
  private final Needs needs;
  private final Set<String> exclude;
  private final Findings findings;

  private final SourceKeys keys;

  /** What the store has of the table and the caller did not exclude, in the order of the table. */
  private final List<Row> present = new ArrayList<>();

  private final List<Row> absent = new ArrayList<>();
  private final Set<String> excluded = new LinkedHashSet<>();
  private final Set<String> halfLayers = new LinkedHashSet<>();
  private final List<MappedArray> mapped = new ArrayList<>();
  private final Map<String, WeightArray> arrays = new LinkedHashMap<>();
  private int strangers;

  SourceCheck(
      MergedWeights.Source source,
      Direction direction,
      Needs needs,
      Set<String> exclude,
      List<Finding> findings) {
    this.store = source.store();
    this.table = source.mapping();
    this.direction = direction;
    this.needs = needs;
    this.exclude = exclude;
    this.findings = new Findings(store.source(), table.name(), findings);
    this.keys = new SourceKeys(store, table, direction, this.findings);
  }

  void run(ValueCheck values) {
    sortRows();
    reportStrangers();
    reportHalfLayers();
    List<Row> unused = present.stream().filter(row -> !needs.hasPlaceFor(row.name())).toList();
    reportUnused(unused.stream().map(Row::name).toList());
    ShapeCheck shapes = new ShapeCheck(direction, findings);
    ArrayCheck check = new ArrayCheck(store, direction, needs, shapes, values, findings);
    for (Row row : present) {
      if (needs.hasPlaceFor(row.name())) {
        check.check(row, keys.of(row).orElseThrow()).ifPresent(found -> add(row, found));
      }
    }
    shapes.symbols();
    if (shapes.misfits() > 0 && strangers == 0) {
      noteBetterTable();
    }
    reportExcluded();
  }

  private void sortRows() {
    for (Row row : table.rows()) {
      boolean there = keys.of(row).isPresent();
      if (!isExcluded(row.name())) {
        (there ? present : absent).add(row);
      } else if (there) {
        excluded.add(row.name());
      }
    }
  }

  private boolean isExcluded(String name) {
    return exclude.stream().anyMatch(scope -> Scope.covers(scope, name));
  }

  /** Keys that the table does not have. */
  private void reportStrangers() {
    for (Map.Entry<String, String> key : keys.all().entrySet()) {
      String plain = key.getKey();
      if (keys.known(plain)) {
        continue;
      }
      if (direction == Direction.EXPORT && isExcluded(plain)) {
        excluded.add(plain);
      } else if (direction == Direction.IMPORT && table.ignores(plain)) {
        findings.note(Kind.IGNORED, "", key.getValue(), "ignored, as the table says");
      } else {
        strangers++;
        findings.error(Kind.UNEXPECTED, "", key.getValue(), strangerMessage(plain));
      }
    }
    if (present.isEmpty() && excluded.isEmpty()) {
      findings.error(
          Kind.NO_MATCH,
          "",
          "",
          keys.all().isEmpty()
              ? "there is no array in it"
              : "none of its %d arrays is in the table".formatted(keys.all().size())
                  + betterTable());
    } else if (strangers > 0) {
      noteBetterTable();
    }
  }

  private String strangerMessage(String plain) {
    Set<String> lacking = absent.stream().map(keys::wanted).collect(Collectors.toSet());
    String hint = Closest.hint(plain, lacking);
    return direction == Direction.IMPORT
        ? "not in the table" + hint + "; a table with the line 'ignore " + plain + "' leaves it out"
        : "not in the table"
            + hint
            + "; --exclude "
            + widestScope(plain, keys.known())
            + " leaves it out";
  }

  private void noteBetterTable() {
    String better = betterTable();
    if (!better.isEmpty()) {
      findings.note(Kind.UNEXPECTED, "", "", "another table may be meant" + better);
    }
  }

  /** Names the bundled table that fits, or has more of the keys than this one, if there is one. */
  private String betterTable() {
    if (direction == Direction.EXPORT) {
      return "";
    }
    int here = keys.matched();
    return NameMapping.suggest(store).stream()
        .filter(other -> !other.table().equals(table.name()))
        .filter(other -> other.fits() || other.matched() > here)
        .findFirst()
        .map(
            other ->
                ": the bundled table %s has %d of its %d arrays"
                    .formatted(other.table(), other.matched(), keys.all().size()))
        .orElse("");
  }

  /** A layer comes whole or not at all. */
  private void reportHalfLayers() {
    Map<String, String> partOfLayer = new LinkedHashMap<>();
    present.forEach(
        row -> partOfLayer.putIfAbsent(Scope.parent(row.name()), keys.of(row).orElseThrow()));
    partOfLayer.remove("");
    for (Row row : absent) {
      String other = partOfLayer.get(Scope.parent(row.name()));
      if (other != null && needs.hasPlaceFor(row.name())) {
        halfLayers.add(row.name());
        findings.error(
            Kind.MISSING,
            row.name(),
            keys.wanted(row),
            "%s is not there, but %s of the same layer is: a layer comes whole or not at all"
                .formatted(keys.wanted(row), other));
      }
    }
  }

  /** Mapped arrays without a place in the model, grouped by the widest scope that has none. */
  private void reportUnused(List<String> names) {
    Set<String> needed = needs.parameters().<Set<String>>map(Map::keySet).orElse(Set.of());
    Map<String, List<String>> byScope = new LinkedHashMap<>();
    for (String name : names) {
      byScope.computeIfAbsent(widestScope(name, needed), scope -> new ArrayList<>()).add(name);
    }
    byScope.forEach(
        (scope, group) ->
            findings.error(
                Kind.UNUSED,
                scope,
                "",
                "the model has no place for %s; --exclude %s leaves %s out"
                    .formatted(listed(scope, group), scope, group.size() == 1 ? "it" : "them")));
  }

  /** The widest scope of a name that covers none of the others. */
  private static String widestScope(String name, Collection<String> others) {
    for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
      String scope = name.substring(0, slash);
      if (others.stream().noneMatch(other -> Scope.covers(scope, other))) {
        return scope;
      }
    }
    return name;
  }

  private void add(Row row, MappedArray found) {
    mapped.add(found);
    arrays.put(direction.resultName(row), direction.view(row, store.get(found.key())));
  }

  private void reportExcluded() {
    for (String scope : exclude) {
      List<String> names = excluded.stream().filter(name -> Scope.covers(scope, name)).toList();
      if (!names.isEmpty()) {
        findings.note(Kind.EXCLUDED, scope, "", "left out: " + listed(scope, names));
      }
    }
  }

  /** Names as seen from their scope. */
  private static String listed(String scope, List<String> names) {
    return names.stream()
        .map(name -> name.equals(scope) ? name : name.substring(scope.length() + 1))
        .collect(Collectors.joining(", "));
  }

  /** Whether a scope covers anything that is there, or that the whole table would have to have. */
  boolean excludes(String scope) {
    return excluded.stream().anyMatch(name -> Scope.covers(scope, name))
        || (!table.partial()
            && table.graphNames().stream().anyMatch(name -> Scope.covers(scope, name)));
  }

  /** Every scope that {@link #excludes} would accept. */
  Set<String> scopes() {
    Set<String> scopes = new TreeSet<>();
    for (Row row : table.rows()) {
      if (!table.partial() || keys.of(row).isPresent()) {
        for (String name = row.name(); !name.isEmpty(); name = Scope.parent(name)) {
          scopes.add(name);
        }
      }
    }
    return scopes;
  }

  /** Where the array of a graph name was looked for; empty where the table does not have it. */
  Optional<String> keyOf(String name) {
    return table.rows().stream()
        .filter(row -> row.name().equals(name))
        .map(keys::wanted)
        .findFirst();
  }

  /** What a complete table has to have and this source lacks, half layers apart. */
  List<String> lacking() {
    return table.partial()
        ? List.of()
        : absent.stream().map(Row::name).filter(name -> !halfLayers.contains(name)).toList();
  }

  /** Names given here, whether right or wrong. */
  List<String> given() {
    return present.stream().map(Row::name).filter(needs::hasPlaceFor).toList();
  }

  Set<String> halfLayers() {
    return halfLayers;
  }

  Set<String> excluded() {
    return excluded;
  }

  List<MappedArray> mapped() {
    return mapped;
  }

  /** Under their new names, in their new layout. */
  Map<String, WeightArray> arrays() {
    return arrays;
  }

  Findings findings() {
    return findings;
  }
}
