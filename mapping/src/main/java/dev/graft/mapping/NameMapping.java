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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A name table: for each variable its graph name, its key in the source, the transform from the
 * source's layout and the shape in the graph. Immutable.
 */
public final class NameMapping {
  private static final List<String> BUNDLED =
      List.of(
          "graft",
          "slim-vgg16",
          "slim-vgg19",
          "tensorflow-vgg16",
          "tensorflow-vgg19",
          "keras-vgg16",
          "keras-vgg19",
          "keras-rgb-vgg16",
          "keras-rgb-vgg19",
          "torchvision-vgg16",
          "torchvision-vgg19",
          "caffe-vgg16",
          "caffe-vgg19",
          "caffe-fcn32s",
          "caffe-fcn16s",
          "caffe-fcn8s",
          "tensorflow-fcn32s",
          "tensorflow-fcn16s",
          "tensorflow-fcn8s");

  /** A table is some kilobytes; a larger file is something else. */
  private static final long MAX_BYTES = 16 << 20;

  private static final Map<String, NameMapping> PARSED = new ConcurrentHashMap<>();

  private final String name;
  private final String text;
  private final List<Row> rows;
  private final List<String> namings;
  private final Set<String> ignored;
  private final boolean partial;

  NameMapping(
      String name,
      String text,
      List<Row> rows,
      List<String> namings,
      Collection<String> ignored,
      boolean partial) {
    this.name = name;
    this.text = text;
    this.rows = List.copyOf(rows);
    this.namings = List.copyOf(namings);
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
    return PARSED.computeIfAbsent(name, NameMapping::readBundled);
  }

  private static NameMapping readBundled(String name) {
    try (InputStream in = NameMapping.class.getResourceAsStream("tables/" + name + ".table")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return TableParser.parse(name, name, text);
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
      long bytes = Files.size(file);
      if (bytes > MAX_BYTES) {
        throw new TableException(
            file + ": is no table: it has " + bytes + " bytes, a table at most " + MAX_BYTES);
      }
      String text = Files.readString(file, StandardCharsets.UTF_8);
      return TableParser.parse(file.toString(), file.toString(), text);
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

  /** The table as it is written, comments and all. */
  public String text() {
    return text;
  }

  /**
   * What the table calls the alternative names that its source's files have; an export takes the
   * first. Empty where there is but one.
   */
  public List<String> namings() {
    return namings;
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

  /**
   * The bundled tables that have any of a store's names, the likeliest first: judged by names and
   * shapes, dtypes and values apart. It only suggests; nothing takes a table on its own. Reads no
   * array.
   */
  public static List<Suggestion> suggest(WeightStore store) {
    return Suggestions.of(store, BUNDLED.stream().map(NameMapping::bundled).toList());
  }

  /**
   * From this table's names and layout to another's: {@link #apply}, then {@link #export}. Closing
   * the result closes the source.
   *
   * @param exclude scopes of graph names to leave out; each has to be one of either table's
   * @throws MappingException where the source does not fit this table, or what it gives does not
   *     fit the other
   */
  public WeightStore convert(
      WeightStore source, NameMapping to, Set<String> exclude, ValueCheck values) {
    Set<String> here = new LinkedHashSet<>();
    Set<String> there = new LinkedHashSet<>();
    SourceKeys keys = new SourceKeys(source, this, Direction.IMPORT, Findings.unheard());
    for (String scope : exclude) {
      boolean ours =
          rows.stream()
              .filter(row -> Scope.covers(scope, row.name()))
              .anyMatch(row -> !partial || keys.of(row).isPresent());
      boolean theirs =
          !to.partial && to.rows.stream().anyMatch(row -> Scope.covers(scope, row.name()));
      if (ours || !theirs) {
        here.add(scope);
      }
      if (theirs) {
        there.add(scope);
      }
    }
    return to.export(apply(source, Needs.wholeTable(), here, values), there);
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
