package dev.graft.train;

/** Is told how far a piece of work that may take long has come. Called by one thread at a time. */
@FunctionalInterface
public interface Progress {
  /** Nobody wants to know. */
  Progress NONE = (work, done, total) -> {};

  /**
   * So far.
   *
   * @param work what is being done, in a few words
   * @param done of {@code total}; equal to it at the end
   */
  void update(String work, long done, long total);
}
