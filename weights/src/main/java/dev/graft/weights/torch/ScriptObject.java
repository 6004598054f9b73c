package dev.graft.weights.torch;

import dev.graft.weights.pickle.PyDict;

/** An object of a TorchScript class, most often a module: its attributes by their names. */
final class ScriptObject {
  private final ScriptType type;
  private PyDict attributes;

  /** An object without attributes until its BUILD comes. */
  ScriptObject(ScriptType type) {
    this.type = type;
  }

  ScriptType type() {
    return type;
  }

  /** Its attributes; null where there are none yet. */
  PyDict attributes() {
    return attributes;
  }

  void build(PyDict state) {
    attributes = state;
  }
}
