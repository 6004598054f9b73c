package dev.graft.weights.pickle;

import java.util.Optional;

/** The functions and classes that a pickle of numpy's arrays may name. None is ever loaded. */
enum NumpyGlobal {
  RECONSTRUCT("numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct"),
  NDARRAY("numpy.ndarray"),
  DTYPE("numpy.dtype"),
  SCALAR("numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar"),
  FROM_BUFFER("numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer"),
  /** How Python 3 writes bytes in protocols 0 to 2. */
  ENCODE("_codecs.encode"),
  /** How Python 3 writes empty bytes in protocols 0 to 2. */
  BYTES("__builtin__.bytes", "builtins.bytes"),
  ORDERED_DICT("collections.OrderedDict");

  /** Its full name up to numpy 1, and where it has been since. */
  private final String name;

  private final String laterName;

  NumpyGlobal(String name) {
    this(name, name);
  }

  NumpyGlobal(String name, String laterName) {
    this.name = name;
    this.laterName = laterName;
  }

  /** The one of this name; empty where it is not allowed. */
  static Optional<NumpyGlobal> named(String module, String attribute) {
    // A dot would let "numpy.core" + "multiarray.scalar" pass for what it is not.
    if (attribute.indexOf('.') >= 0) {
      return Optional.empty();
    }
    // Where the same functions are compiled; some pickles name them there.
    String full = module.replaceFirst("\\._multiarray_umath$", ".multiarray") + "." + attribute;
    for (NumpyGlobal global : values()) {
      if (full.equals(global.name) || full.equals(global.laterName)) {
        return Optional.of(global);
      }
    }
    return Optional.empty();
  }
}
