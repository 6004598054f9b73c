package dev.graft.weights.torch;

import java.util.Optional;
import java.util.Set;

/**
 * A class that a pickle may name, but neither call nor load: tensor classes, and what makes the
 * values that a defaultdict lacks.
 */
record TypeName(String name) {
  private static final Set<String> BUILTIN_MODULES = Set.of("builtins", "__builtin__");
  private static final Set<String> BUILTINS = Set.of("dict", "list", "int", "float");

  /** The class of this name; empty where it is not allowed. */
  static Optional<TypeName> named(String module, String name) {
    boolean builtin = BUILTIN_MODULES.contains(module) && BUILTINS.contains(name);
    return builtin || StorageType.isTensorClass(module, name)
        ? Optional.of(new TypeName(module + "." + name))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return name;
  }
}
