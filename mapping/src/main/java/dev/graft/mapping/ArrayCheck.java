package dev.graft.mapping;

import dev.graft.mapping.Finding.Kind;
import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import java.util.Arrays;
import java.util.Optional;

/** Checks single arrays of a source: dtype, shape, values. */
record ArrayCheck(
    WeightStore store,
    Direction direction,
    Needs needs,
    ShapeCheck shapes,
    ValueCheck values,
    Findings findings) {
  /** Reports what is wrong; gives the array where dtype and shape fit, so that it can be mapped. */
  Optional<MappedArray> check(Row row, String key) {
    WeightArray array = store.get(key);
    boolean float32 = array.dtype() == DType.FLOAT32;
    if (!float32) {
      findings.error(
          Kind.DTYPE,
          row.name(),
          key,
          "%s is %s; expected float32. Nothing is cast unasked: convert the file to float32 first"
              .formatted(key, array.dtype()));
    }
    Optional<Shape> shape = shapes.check(row, key, array.shape());
    shape.ifPresent(found -> checkNeed(row, key, found));
    if (float32 && values.scan(store, key)) {
      scan(row, key, array);
    }
    return shape
        .filter(found -> float32)
        .map(
            found ->
                new MappedArray(row.name(), store.source(), key, direction.transform(row), found));
  }

  private void checkNeed(Row row, String key, Shape found) {
    needs
        .parameters()
        .flatMap(parameters -> parameters.get(row.name()).shape())
        .filter(needed -> !needed.equals(found))
        .ifPresent(
            needed ->
                findings.error(
                    Kind.SHAPE,
                    row.name(),
                    key,
                    "%s is %s in the graph's layout; the model has %s"
                        .formatted(key, found, needed)));
  }

  private void scan(Row row, String key, WeightArray array) {
    FiniteScan.scan(array)
        .ifPresent(
            found ->
                findings.error(
                    Kind.NON_FINITE,
                    row.name(),
                    key,
                    "%d of the %d values of %s %s not finite; the first is %s at %s"
                        .formatted(
                            found.count(),
                            array.shape().elementCount(),
                            key,
                            found.count() == 1 ? "is" : "are",
                            found.value(),
                            index(array.shape(), found.first()))));
  }

  private static String index(Shape shape, long element) {
    long[] index = new long[shape.rank()];
    long rest = element;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      index[axis] = rest % shape.dim(axis);
      rest /= shape.dim(axis);
    }
    return Arrays.toString(index);
  }
}
