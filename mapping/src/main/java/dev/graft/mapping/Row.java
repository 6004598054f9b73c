package dev.graft.mapping;

import java.util.List;

/**
 * One variable of a table.
 *
 * @param keys its key in the source: one for each naming of the table, or one for all of them
 * @param pattern the shape in graph layout
 */
record Row(String name, List<String> keys, Transform transform, ShapePattern pattern) {
  /** A variable of a table with one naming. */
  static Row of(String name, String key, Transform transform, ShapePattern pattern) {
    return new Row(name, List.of(key), transform, pattern);
  }

  /** Its key in a source of this naming. */
  String key(int naming) {
    return keys.get(keys.size() == 1 ? 0 : naming);
  }
}
