package dev.graft.weights.torch;

import java.util.Optional;

/** A class that a TorchScript archive has code for, which is never read: only its name counts. */
record ScriptType(String name) {
  private static final String MODULE = "__torch__";

  /** The class of this name; empty where it is not TorchScript's. */
  static Optional<ScriptType> named(String module, String name) {
    return module.equals(MODULE) || module.startsWith(MODULE + ".")
        ? Optional.of(new ScriptType(module + "." + name))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return name;
  }
}
