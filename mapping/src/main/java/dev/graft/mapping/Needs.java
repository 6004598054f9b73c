package dev.graft.mapping;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What has to come out of a mapping. Immutable. */
public final class Needs {
  private static final Needs WHOLE_TABLE = new Needs(Optional.empty(), Set.of());

  private final Optional<Map<String, ParameterSpec>> parameters;
  private final Set<String> initialised;

  private Needs(Optional<Map<String, ParameterSpec>> parameters, Set<String> initialised) {
    this.parameters = parameters;
    this.initialised = initialised;
  }

  /** No model: everything that the table lists, or any part of it where the table is partial. */
  public static Needs wholeTable() {
    return WHOLE_TABLE;
  }

  /**
   * The parameters of a model, all of them and nothing else.
   *
   * @throws IllegalArgumentException where a name occurs twice
   */
  public static Needs of(Collection<ParameterSpec> parameters) {
    Map<String, ParameterSpec> byName = new LinkedHashMap<>();
    for (ParameterSpec parameter : parameters) {
      if (byName.put(parameter.name(), parameter) != null) {
        throw new IllegalArgumentException("the parameter is there twice: " + parameter.name());
      }
    }
    return new Needs(Optional.of(byName), Set.of());
  }

  /**
   * The same needs, where the caller itself initialises what no source gives in these scopes. They
   * add to those named before.
   */
  public Needs initialising(Collection<String> scopes) {
    Set<String> all = new LinkedHashSet<>(initialised);
    all.addAll(scopes);
    return new Needs(parameters, all);
  }

  /** By graph name, in the model's order; empty without a model. */
  Optional<Map<String, ParameterSpec>> parameters() {
    return parameters;
  }

  Set<String> initialised() {
    return initialised;
  }

  boolean hasPlaceFor(String name) {
    return parameters.isEmpty() || parameters.get().containsKey(name);
  }

  boolean initialises(String name) {
    return initialised.stream().anyMatch(scope -> Scope.covers(scope, name));
  }
}
