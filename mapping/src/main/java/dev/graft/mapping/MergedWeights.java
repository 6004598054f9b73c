package dev.graft.mapping;

import dev.graft.weights.WeightStore;
import java.util.List;
import java.util.Set;

/**
 * One or more weight stores, each through its own table, checked as a whole against what is needed.
 */
public final class MergedWeights {
  private MergedWeights() {}

  /** A store and the table to read it through. */
  public record Source(WeightStore store, NameMapping mapping) {}

  /**
   * Checks everything; reads no more values than {@code values} asks for. Never throws for what is
   * wrong with the weights: see {@link #report}.
   *
   * @param exclude scopes of graph names to leave out
   */
  public static MergedWeights of(
      List<Source> sources, Needs needs, Set<String> exclude, ValueCheck values) {
    throw new UnsupportedOperationException();
  }

  /** What was found. */
  public MappingReport report() {
    throw new UnsupportedOperationException();
  }

  /**
   * All mapped arrays under graph names in graph layout, computed when read. Closing it closes the
   * sources.
   *
   * @throws MappingException where the report is not valid
   */
  public WeightStore store() {
    throw new UnsupportedOperationException();
  }
}
