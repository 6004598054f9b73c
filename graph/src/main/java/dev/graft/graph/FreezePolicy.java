package dev.graft.graph;

import dev.graft.mapping.Scope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which parameters are frozen: those in one of a list of exact scopes. {@code vgg16/conv1_1} is in
 * the scopes {@code vgg16} and {@code vgg16/conv1_1}. A stage of the backbone, such as {@code
 * vgg16/conv1}, is a scope too and holds {@code vgg16/conv1_1} and {@code vgg16/conv1_2}.
 */
public final class FreezePolicy {
  /** Everything is trained. */
  public static final FreezePolicy NONE = new FreezePolicy(List.of());

  private final List<String> scopes;

  private FreezePolicy(Collection<String> scopes) {
    this.scopes = List.copyOf(scopes);
  }

  /** Freezes what is in one of these scopes. */
  public static FreezePolicy of(Collection<String> scopes) {
    return new FreezePolicy(scopes);
  }

  /**
   * The frozen ones of a network's parameters.
   *
   * @throws GraphException naming every scope in which there is no parameter
   */
  public Set<String> frozen(Collection<String> parameters) {
    return matching("freeze", scopes, parameters);
  }

  /**
   * The parameters in any of the scopes.
   *
   * @param purpose what the scopes are for, for the message
   * @throws GraphException naming every scope in which there is no parameter
   */
  public static Set<String> matching(
      String purpose, Collection<String> scopes, Collection<String> parameters) {
    Set<String> result = new TreeSet<>();
    List<String> problems = new ArrayList<>();
    for (String scope : scopes) {
      List<String> inside = parameters.stream().filter(name -> isIn(name, scope)).toList();
      if (inside.isEmpty()) {
        problems.add("the scope '" + scope + "' has no parameter");
      }
      result.addAll(inside);
    }
    if (!problems.isEmpty()) {
      Set<String> layers = new TreeSet<>();
      parameters.forEach(name -> layers.add(name.substring(0, name.lastIndexOf('/'))));
      problems.add("the network's layers are " + String.join(", ", layers));
      throw GraphException.of("cannot " + purpose, problems);
    }
    return result;
  }

  /** Whether a parameter is in a scope. */
  static boolean isIn(String name, String scope) {
    boolean stage = scope.matches("vgg(16|19)/conv[1-5]");
    return Scope.covers(scope, name) || (stage && name.startsWith(scope + "_"));
  }
}
