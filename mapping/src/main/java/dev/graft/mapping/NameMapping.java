package dev.graft.mapping;

import dev.graft.weights.WeightStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A name table: for each variable its graph name, its key in the source, the transform from the
 * source's layout and the shape in the graph. Immutable.
 */
public final class NameMapping {
  private static final List<String> BUNDLED =
      List.of("graft", "slim-vgg16", "slim-vgg19", "tensorflow-vgg16", "tensorflow-vgg19");

  private final String name;
  private final List<Row> rows;
  private final Set<String> ignored;
  private final boolean partial;

  NameMapping(String name, List<Row> rows, Collection<String> ignored, boolean partial) {
    this.name = name;
    this.rows = List.copyOf(rows);
    this.ignored = new LinkedHashSet<>(ignored);
    this.partial = partial;
  }

  /**
   * A table that comes with Graft.
   *
   * @throws TableException where there is none of this name
   */
  public static NameMapping bundled(String name) {
    if (!BUNDLED.contains(name)) {
      throw unknown("no bundled table", name);
    }
    try (InputStream in = NameMapping.class.getResourceAsStream("tables/" + name + ".table")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return TableParser.parse(name, name, text.lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException("the bundled table " + name + " cannot be read", e);
    }
  }

  /** The names of the tables that come with Graft; the default, {@code graft}, first. */
  public static List<String> bundledNames() {
    return BUNDLED;
  }

  /**
   * Reads a table.
   *
   * @throws TableException with all problems of the file
   * @throws UncheckedIOException where it cannot be read
   */
  public static NameMapping parse(Path file) {
    try {
      List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
      return TableParser.parse(file.toString(), file.toString(), lines);
    } catch (CharacterCodingException e) {
      throw new TableException(file + ": is not UTF-8 text");
    } catch (IOException e) {
      throw new UncheckedIOException("the table " + file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * The bundled table of this name, else the table in this file.
   *
   * @throws TableException where there is neither, or the file is not a table
   * @throws UncheckedIOException where the file cannot be read
   */
  public static NameMapping of(String nameOrPath) {
    if (BUNDLED.contains(nameOrPath)) {
      return bundled(nameOrPath);
    }
    try {
      Path file = Path.of(nameOrPath);
      if (Files.exists(file)) {
        return parse(file);
      }
    } catch (InvalidPathException e) {
      throw unknown("no bundled table, and no file,", nameOrPath);
    }
    throw unknown("no bundled table, and no file,", nameOrPath);
  }

  private static TableException unknown(String what, String name) {
    return new TableException(
        "%s is called '%s'%s; bundled are %s"
            .formatted(what, name, Closest.hint(name, BUNDLED), String.join(", ", BUNDLED)));
  }

  /** The bundled name, or the file's path. */
  public String name() {
    return name;
  }

  /** The graph names in the order of the table. */
  public List<String> graphNames() {
    return rows.stream().map(Row::name).toList();
  }

  /** Whether a source may hold any part of the table, each layer whole. */
  public boolean partial() {
    return partial;
  }

  List<Row> rows() {
    return rows;
  }

  boolean ignores(String plainKey) {
    return ignored.contains(plainKey);
  }

  /** {@link #check(WeightStore, Needs, Set, ValueCheck)} that scans all values. */
  public MappingReport check(WeightStore source, Needs needs, Set<String> exclude) {
    return check(source, needs, exclude, ValueCheck.ALL);
  }

  /**
   * Checks a store against this table and the needs; gives every finding at once.
   *
   * @param exclude scopes of graph names to leave out
   */
  public MappingReport check(
      WeightStore source, Needs needs, Set<String> exclude, ValueCheck values) {
    return merged(source, needs, exclude, values).report();
  }

  /** {@link #apply(WeightStore, Needs, Set, ValueCheck)} that scans all values. */
  public WeightStore apply(WeightStore source, Needs needs, Set<String> exclude) {
    return apply(source, needs, exclude, ValueCheck.ALL);
  }

  /**
   * Checks, then gives the arrays under graph names in graph layout, computed when read. Closing it
   * closes the source.
   *
   * @param exclude scopes of graph names to leave out
   * @throws MappingException where the report is not valid
   */
  public WeightStore apply(
      WeightStore source, Needs needs, Set<String> exclude, ValueCheck values) {
    return merged(source, needs, exclude, values).store();
  }

  private MergedWeights merged(
      WeightStore source, Needs needs, Set<String> exclude, ValueCheck values) {
    return MergedWeights.of(
        List.of(new MergedWeights.Source(source, this)), needs, exclude, values);
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
    return MergedWeights.exporting(new MergedWeights.Source(graphStore, this), exclude).store();
  }
}
