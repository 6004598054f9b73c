package dev.graft.weights.pickle;

/** Python's None. */
public enum PyNone {
  NONE
}
