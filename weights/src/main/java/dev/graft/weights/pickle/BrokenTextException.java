package dev.graft.weights.pickle;

/** A text that cannot be decoded; where in the file that is, only the caller knows. */
final class BrokenTextException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int at;

  /**
   * A problem.
   *
   * @param at where, from the text's first byte on
   */
  BrokenTextException(String problem, int at) {
    super(problem);
    this.at = at;
  }

  int at() {
    return at;
  }
}
