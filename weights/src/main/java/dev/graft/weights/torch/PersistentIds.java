package dev.graft.weights.torch;

import dev.graft.weights.pickle.Unpickler;

/** What the ids in a pickle of one form of file stand for. */
interface PersistentIds {
  /**
   * The storage or tensor of an id.
   *
   * @param machine gives the exceptions their place
   */
  Object resolve(Object id, Unpickler machine);

  /** For pickles that have no ids. */
  static Object none(Object id, Unpickler machine) {
    throw machine.malformed("a persistent id, expected plain values");
  }
}
