package dev.graft.mapping;

import dev.graft.weights.Shape;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** Narrow weights that fit a table: every symbol of a table gets a small width of its own. */
final class FakeVgg {
  private FakeVgg() {}

  /** A store in the source's names and layout that a table takes as a whole. */
  static FakeStore source(String table) {
    return source(table, 0);
  }

  /** The same in one of the table's namings. */
  static FakeStore source(String table, int naming) {
    NameMapping mapping = NameMapping.bundled(table);
    FakeStore store = new FakeStore(table + ".npy");
    Random random = new Random(7);
    Map<String, Long> widths = new HashMap<>();
    for (Row row : mapping.rows()) {
      Shape shape = row.transform().inverse().apply(graphShape(row, widths));
      store.with(row.key(naming), FakeArray.random(random, shape.dims()));
    }
    return store;
  }

  private static Shape graphShape(Row row, Map<String, Long> widths) {
    long[] dims =
        row.pattern().dims().stream()
            .mapToLong(
                dim ->
                    dim.isFixed()
                        ? dim.size()
                        : widths.computeIfAbsent(dim.symbol(), s -> 2L + widths.size() % 5))
            .toArray();
    return Shape.of(dims);
  }
}
