package dev.graft.mapping;

import dev.graft.mapping.Finding.Kind;
import dev.graft.weights.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Checks the shapes of one source against a table's patterns, and the symbols among each other. */
final class ShapeCheck {
  private final Direction direction;
  private final Findings findings;

  /** Symbol to its values to where it has them, all in the order met. */
  private final Map<String, Map<Long, List<Place>>> symbols = new LinkedHashMap<>();

  private int misfits;

  private record Place(Row row, String key, int axis) {
    @Override
    public String toString() {
      return row.name() + " (axis " + axis + ")";
    }
  }

  ShapeCheck(Direction direction, Findings findings) {
    this.direction = direction;
    this.findings = findings;
  }

  /** The shape in graph layout; empty where it does not fit, which is then a finding. */
  Optional<Shape> check(Row row, String key, Shape found) {
    Shape shape;
    try {
      shape = direction.graphShape(row, found);
    } catch (IllegalArgumentException e) {
      misfits++;
      findings.error(Kind.SHAPE, row.name(), key, key + ": " + e.getMessage());
      return Optional.empty();
    }
    if (!fits(row.pattern(), shape)) {
      String made =
          shape.equals(found) ? "" : ", which " + direction.transform(row) + " makes " + shape;
      misfits++;
      findings.error(
          Kind.SHAPE,
          row.name(),
          key,
          "%s is %s%s; expected %s".formatted(key, found, made, row.pattern()));
      return Optional.empty();
    }
    for (int axis = 0; axis < shape.rank(); axis++) {
      ShapePattern.Dim dim = row.pattern().dims().get(axis);
      if (!dim.isFixed()) {
        symbols
            .computeIfAbsent(dim.symbol(), symbol -> new LinkedHashMap<>())
            .computeIfAbsent(shape.dim(axis), value -> new ArrayList<>())
            .add(new Place(row, key, axis));
      }
    }
    return Optional.of(shape);
  }

  /** How many arrays did not fit. */
  int misfits() {
    return misfits;
  }

  private static boolean fits(ShapePattern pattern, Shape shape) {
    if (shape.rank() != pattern.rank()) {
      return false;
    }
    for (int axis = 0; axis < shape.rank(); axis++) {
      ShapePattern.Dim dim = pattern.dims().get(axis);
      if (dim.isFixed() ? shape.dim(axis) != dim.size() : shape.dim(axis) == 0) {
        return false;
      }
    }
    return true;
  }

  /** Reports the symbols that have several values; each under the array that is most alone. */
  void symbols() {
    symbols.forEach(
        (symbol, values) -> {
          if (values.size() > 1) {
            Place odd =
                values.values().stream()
                    .min(Comparator.comparingInt(List::size))
                    .orElseThrow()
                    .get(0);
            String all =
                values.entrySet().stream()
                    .map(value -> value.getKey() + " in " + places(value.getValue()))
                    .collect(Collectors.joining("; "));
            findings.error(
                Kind.SYMBOL,
                odd.row().name(),
                odd.key(),
                "the dimension %s must be the same everywhere: %s".formatted(symbol, all));
          }
        });
  }

  private static String places(List<Place> places) {
    return places.stream().map(Place::toString).collect(Collectors.joining(", "));
  }
}
