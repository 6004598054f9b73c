package dev.graft.mapping;

import dev.graft.weights.WeightStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A name table. Immutable. */
public final class NameMapping {
  private NameMapping() {}

  /**
   * A table that comes with Graft.
   *
   * @throws TableException where there is none of this name
   */
  public static NameMapping bundled(String name) {
    throw new UnsupportedOperationException();
  }

  /** The names of the tables that come with Graft; the default, {@code graft}, first. */
  public static List<String> bundledNames() {
    throw new UnsupportedOperationException();
  }

  /**
   * Reads a table.
   *
   * @throws TableException with all problems of the file
   * @throws java.io.UncheckedIOException where it cannot be read
   */
  public static NameMapping parse(Path file) {
    throw new UnsupportedOperationException();
  }

  /**
   * The bundled table of this name, else the table in this file.
   *
   * @throws TableException where there is neither, or the file is not a table
   */
  public static NameMapping of(String nameOrPath) {
    throw new UnsupportedOperationException();
  }

  /** The bundled name, or the file's path. */
  public String name() {
    throw new UnsupportedOperationException();
  }

  /** The graph names in the order of the table. */
  public List<String> graphNames() {
    throw new UnsupportedOperationException();
  }

  /** {@link #check(WeightStore, Needs, Set, ValueCheck)} that scans all values. */
  public MappingReport check(WeightStore source, Needs needs, Set<String> exclude) {
    return check(source, needs, exclude, ValueCheck.ALL);
  }

  /** Checks a store against this table and the needs; gives every finding at once. */
  public MappingReport check(
      WeightStore source, Needs needs, Set<String> exclude, ValueCheck values) {
    throw new UnsupportedOperationException();
  }

  /** {@link #apply(WeightStore, Needs, Set, ValueCheck)} that scans all values. */
  public WeightStore apply(WeightStore source, Needs needs, Set<String> exclude) {
    return apply(source, needs, exclude, ValueCheck.ALL);
  }

  /**
   * Checks, then gives the arrays under graph names in graph layout, computed when read. Closing it
   * closes the source.
   *
   * @throws MappingException where the report is not valid
   */
  public WeightStore apply(
      WeightStore source, Needs needs, Set<String> exclude, ValueCheck values) {
    throw new UnsupportedOperationException();
  }

  /**
   * The way back: arrays under graph names in graph layout become the source's names and layout, in
   * the order of the table. Values are not scanned. Closing it closes {@code graphStore}.
   *
   * @param exclude scopes of graph names to leave out
   * @throws MappingException where names are missing (unless the table is partial) or not in the
   *     table, or shapes or dtypes are wrong
   */
  public WeightStore export(WeightStore graphStore, Set<String> exclude) {
    throw new UnsupportedOperationException();
  }
}
