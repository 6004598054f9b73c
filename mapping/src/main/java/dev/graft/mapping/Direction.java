package dev.graft.mapping;

import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;

/** Which way a table is read. */
enum Direction {
  /** From the source's names and layout to the graph's. */
  IMPORT {
    @Override
    String key(Row row, int naming) {
      return row.key(naming);
    }

    @Override
    String resultName(Row row) {
      return row.name();
    }

    @Override
    Transform transform(Row row) {
      return row.transform();
    }

    @Override
    Shape graphShape(Row row, Shape found) {
      return row.transform().apply(found);
    }
  },

  /** From the graph's names and layout to the source's. */
  EXPORT {
    @Override
    String key(Row row, int naming) {
      return row.name();
    }

    @Override
    String resultName(Row row) {
      return row.key(0);
    }

    @Override
    Transform transform(Row row) {
      return row.transform().inverse();
    }

    @Override
    Shape graphShape(Row row, Shape found) {
      transform(row).apply(found);
      return found;
    }
  };

  /**
   * What the row's array is called in the store that is read.
   *
   * @param naming which of the table's namings the store has; without meaning for graph names
   */
  abstract String key(Row row, int naming);

  /** What it is called afterwards; an export takes the table's first naming. */
  abstract String resultName(Row row);

  /** From the store's layout to the one afterwards. */
  abstract Transform transform(Row row);

  /**
   * The shape in graph layout of an array that has this shape in the store.
   *
   * @throws IllegalArgumentException where the transform does not take it
   */
  abstract Shape graphShape(Row row, Shape found);

  final WeightArray view(Row row, WeightArray array) {
    return transform(row).apply(array);
  }
}
