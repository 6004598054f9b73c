package dev.graft.mapping;

/** Scopes of graph names: exact path prefixes, never patterns. */
public final class Scope {
  private Scope() {}

  /**
   * Whether a name lies in a scope: {@code vgg16/fc8} covers itself and {@code vgg16/fc8/kernel},
   * not {@code vgg16/fc80/kernel}.
   */
  public static boolean covers(String scope, String name) {
    return name.startsWith(scope)
        && (name.length() == scope.length() || name.charAt(scope.length()) == '/');
  }

  /** The name without its last part: the layer of a parameter. Empty for a name of one part. */
  public static String parent(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('/')));
  }
}
