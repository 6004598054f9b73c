package dev.graft.weights.pickle;

/** Python's None. */
enum PyNone {
  NONE
}
