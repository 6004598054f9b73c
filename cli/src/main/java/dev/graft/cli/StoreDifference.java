package dev.graft.cli;

import dev.graft.weights.ArrayDifference;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * How one array of two stores differs.
 *
 * @param name its name
 * @param a in the first store; null where it is not there
 * @param b in the second store; null where it is not there
 * @param values of the elements; empty where they cannot be compared
 */
record StoreDifference(
    String name, WeightArray a, WeightArray b, Optional<ArrayDifference> values) {
  /** Words that output uses; their order is that of how much is wrong. */
  enum Verdict {
    BIT_EQUAL("bit-equal"),
    EQUAL("equal, not in bits"),
    WITHIN("within tolerance"),
    DIFFERENT("values differ"),
    DTYPE("dtypes differ"),
    SHAPE("shapes differ"),
    ONLY_A("only in A"),
    ONLY_B("only in B");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }

    /** Whether it leaves the files the same. */
    boolean same() {
      return compareTo(WITHIN) <= 0;
    }
  }

  /** Compares all arrays of two stores: those of the first in its order, then the others. */
  static List<StoreDifference> of(
      WeightStore a, WeightStore b, double absolute, double relative, LongConsumer progress) {
    Set<String> names = new LinkedHashSet<>(a.names());
    names.addAll(b.names());
    List<StoreDifference> all = new ArrayList<>();
    long before = 0;
    for (String name : names) {
      WeightArray ofA = a.contains(name) ? a.get(name) : null;
      WeightArray ofB = b.contains(name) ? b.get(name) : null;
      Optional<ArrayDifference> values = Optional.empty();
      if (ofA != null && ofB != null && comparable(ofA, ofB)) {
        long base = before;
        int size = ofA.dtype().byteSize();
        values =
            Optional.of(
                ArrayDifference.between(
                    ofA, ofB, absolute, relative, done -> progress.accept(base + done * size)));
      }
      before += ofA == null ? 0 : ofA.byteSize();
      all.add(new StoreDifference(name, ofA, ofB, values));
    }
    return all;
  }

  private static boolean comparable(WeightArray a, WeightArray b) {
    return a.shape().equals(b.shape()) && ArrayDifference.comparable(a.dtype(), b.dtype());
  }

  Verdict verdict() {
    if (b == null) {
      return Verdict.ONLY_A;
    }
    if (a == null) {
      return Verdict.ONLY_B;
    }
    if (!a.shape().equals(b.shape())) {
      return Verdict.SHAPE;
    }
    if (a.dtype() != b.dtype()) {
      return Verdict.DTYPE;
    }
    ArrayDifference found = values.orElseThrow();
    if (found.bitEqual()) {
      return Verdict.BIT_EQUAL;
    }
    if (found.beyond() > 0) {
      return Verdict.DIFFERENT;
    }
    return found.differing() > 0 ? Verdict.WITHIN : Verdict.EQUAL;
  }

  /** Where the largest difference is, an index for each dimension; empty where there is none. */
  Optional<long[]> place() {
    return values.filter(found -> found.at() >= 0).map(found -> index(a.shape(), found.at()));
  }

  private static long[] index(Shape shape, long element) {
    long[] index = new long[shape.rank()];
    long rest = element;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      index[axis] = rest % shape.dim(axis);
      rest /= shape.dim(axis);
    }
    return index;
  }
}
