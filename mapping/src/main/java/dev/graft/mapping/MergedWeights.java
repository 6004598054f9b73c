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
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * One or more weight stores, each through its own table, checked as a whole against what is needed.
 */
public final class MergedWeights {
  private final List<SourceCheck> checks = new ArrayList<>();
  private final List<Finding> all = new ArrayList<>();
  private final Set<String> toInitialise = new LinkedHashSet<>();
  private final Direction direction;
  private final Needs needs;
  private final Set<String> exclude;
  private final Findings overall;
  private final MappingReport report;
  private final WeightStore store;

  /** A store and the table to read it through. */
  public record Source(WeightStore store, NameMapping mapping) {}

  private MergedWeights(
      List<Source> sources,
      Direction direction,
      Needs needs,
      Set<String> exclude,
      ValueCheck values) {
    this.direction = direction;
    this.needs = needs;
    this.exclude = exclude;
    for (Source source : sources) {
      SourceCheck check = new SourceCheck(source, direction, needs, exclude, all);
      check.run(values);
      checks.add(check);
    }
    this.overall = checks.size() == 1 ? checks.get(0).findings() : new Findings("", "", all);
    reportDuplicates();
    reportMissing();
    reportIdleScopes();
    this.report =
        new MappingReport(
            all,
            checks.stream().flatMap(check -> check.mapped().stream()).toList(),
            checks.stream().flatMap(check -> check.excluded().stream()).distinct().toList(),
            List.copyOf(toInitialise));
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    checks.forEach(check -> arrays.putAll(check.arrays()));
    this.store = new MappedStore(sources, arrays);
  }

  /**
   * Checks everything; reads no more values than {@code values} asks for. Does not throw for what
   * is wrong with the weights: see {@link #report}.
   *
   * @param sources in the order in which their arrays are listed
   * @param exclude scopes of graph names to leave out
   * @throws dev.graft.weights.WeightsException where values to be scanned cannot be read
   */
  public static MergedWeights of(
      List<Source> sources, Needs needs, Set<String> exclude, ValueCheck values) {
    return new MergedWeights(sources, Direction.IMPORT, needs, exclude, values);
  }

  static MergedWeights exporting(Source source, Set<String> exclude) {
    return new MergedWeights(
        List.of(source), Direction.EXPORT, Needs.wholeTable(), exclude, ValueCheck.NONE);
  }

  /** What was found. */
  public MappingReport report() {
    return report;
  }

  /**
   * All mapped arrays under graph names in graph layout, computed when read. Closing it closes the
   * sources.
   *
   * @throws MappingException where the report is not valid
   */
  public WeightStore store() {
    if (!report.valid()) {
      throw new MappingException(report);
    }
    return store;
  }

  private void reportDuplicates() {
    Map<String, List<SourceCheck>> givers = new LinkedHashMap<>();
    for (SourceCheck check : checks) {
      check
          .given()
          .forEach(name -> givers.computeIfAbsent(name, n -> new ArrayList<>()).add(check));
    }
    givers.forEach(
        (name, from) -> {
          if (from.size() > 1) {
            overall.error(
                Kind.DUPLICATE, name, "", "given by several sources: " + lookedFor(name, from));
          }
        });
  }

  private void reportMissing() {
    Set<String> missing = new LinkedHashSet<>(required());
    Set<String> given = new LinkedHashSet<>();
    checks.forEach(check -> given.addAll(check.given()));
    checks.forEach(check -> given.addAll(check.halfLayers()));
    missing.removeAll(given);
    for (String name : missing) {
      if (needs.initialises(name)) {
        toInitialise.add(name);
      } else {
        overall.error(Kind.MISSING, name, keyIfOne(name), missingMessage(name));
      }
    }
    for (String scope : needs.initialised()) {
      List<String> names = toInitialise.stream().filter(name -> Scope.covers(scope, name)).toList();
      if (!names.isEmpty()) {
        overall.note(
            Kind.INITIALISED, scope, "", "in no source, initialised: " + String.join(", ", names));
      }
    }
  }

  private Collection<String> required() {
    if (needs.parameters().isPresent()) {
      return needs.parameters().get().keySet();
    }
    return checks.stream().flatMap(check -> check.lacking().stream()).toList();
  }

  private String missingMessage(String name) {
    List<SourceCheck> tables = having(name);
    if (checks.stream().anyMatch(check -> check.excluded().contains(name))) {
      return "needed, but excluded";
    }
    if (direction == Direction.EXPORT) {
      return "the table has it, but there is no array for it; --exclude %s leaves it out"
          .formatted(Scope.parent(name).isEmpty() ? name : Scope.parent(name));
    }
    return tables.isEmpty()
        ? "needed, but no table has it"
        : "needed, but not there: looked for " + lookedFor(name, tables);
  }

  private String keyIfOne(String name) {
    List<SourceCheck> tables = having(name);
    return tables.size() == 1 ? tables.get(0).keyOf(name).orElseThrow() : "";
  }

  private List<SourceCheck> having(String name) {
    return checks.stream().filter(check -> check.keyOf(name).isPresent()).toList();
  }

  private static String lookedFor(String name, List<SourceCheck> checks) {
    return checks.stream()
        .map(check -> check.keyOf(name).orElseThrow() + " in " + check.findings().source())
        .collect(Collectors.joining(", "));
  }

  private void reportIdleScopes() {
    Set<String> scopes = new TreeSet<>();
    checks.forEach(check -> scopes.addAll(check.scopes()));
    idle(
        "exclude",
        exclude,
        scope -> checks.stream().anyMatch(check -> check.excludes(scope)),
        scopes);
    Set<String> names = new LinkedHashSet<>(required());
    checks.forEach(check -> names.addAll(check.given()));
    idle(
        "initialise",
        needs.initialised(),
        scope -> names.stream().anyMatch(name -> Scope.covers(scope, name)),
        names);
  }

  private void idle(
      String what, Set<String> scopes, Predicate<String> matches, Collection<String> candidates) {
    for (String scope : scopes) {
      if (!matches.test(scope)) {
        overall.error(
            Kind.NO_MATCH,
            scope,
            "",
            "the scope to %s matches nothing".formatted(what) + Closest.hint(scope, candidates));
      }
    }
  }
}
