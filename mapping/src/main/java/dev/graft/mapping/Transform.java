package dev.graft.mapping;

import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * From a source's array layout to the graph's: steps declared by name, joined by {@code +} and
 * taken from left to right, such as {@code oihw_to_hwio+reverse_input_channels}. Immutable; every
 * transform has an inverse. Those that only reshape are views of the same bytes.
 */
public final class Transform {
  private static final Transform IDENTITY = new Transform(List.of(Step.IDENTITY));

  private final List<Step> steps;

  private Transform(List<Step> steps) {
    this.steps = steps;
  }

  /** Leaves arrays as they are. */
  public static Transform identity() {
    return IDENTITY;
  }

  /** The names of all steps. */
  public static List<String> stepNames() {
    return Arrays.stream(Step.values()).map(Step::toString).toList();
  }

  /**
   * Parses step names joined by {@code +}.
   *
   * @throws IllegalArgumentException for an unknown name, or steps that cannot follow each other
   */
  public static Transform parse(String text) {
    List<Step> steps = new ArrayList<>();
    int rank = 0;
    for (String name : text.split("\\+", -1)) {
      Step step = step(name);
      if (rank != 0 && step.rankIn() != 0 && rank != step.rankIn()) {
        throw new IllegalArgumentException(
            "%s takes rank %d and cannot follow rank %d in '%s'"
                .formatted(step, step.rankIn(), rank, text));
      }
      rank = step.rankOut() == 0 ? rank : step.rankOut();
      steps.add(step);
    }
    return new Transform(List.copyOf(steps));
  }

  private static Step step(String name) {
    for (Step step : Step.values()) {
      if (step.toString().equals(name)) {
        return step;
      }
    }
    throw new IllegalArgumentException(
        "unknown transform '" + name + "'" + Closest.hint(name, stepNames()));
  }

  /** The rank of what it gives; 0 where it gives any. */
  int rankOut() {
    int rank = 0;
    for (Step step : steps) {
      rank = step.rankOut() == 0 ? rank : step.rankOut();
    }
    return rank;
  }

  boolean isIdentity() {
    return steps.stream().allMatch(step -> step == Step.IDENTITY);
  }

  /**
   * The shape that an array of this shape gets.
   *
   * @throws IllegalArgumentException where the transform does not take it; says what it takes
   */
  public Shape apply(Shape source) {
    Shape shape = source;
    for (Step step : steps) {
      shape = step.apply(shape);
    }
    return shape;
  }

  /**
   * The array in the new layout; nothing is read or computed before the result is read.
   *
   * @throws IllegalArgumentException where the transform does not take its shape, or permutes and
   *     the dtype is not float32
   */
  public WeightArray apply(WeightArray source) {
    WeightArray array = source;
    for (Step step : steps) {
      array = step.apply(array);
    }
    return array;
  }

  /** The way back. */
  public Transform inverse() {
    List<Step> inverses = new ArrayList<>();
    for (Step step : steps) {
      inverses.add(0, step.inverse());
    }
    return new Transform(List.copyOf(inverses));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Transform transform && steps.equals(transform.steps);
  }

  @Override
  public int hashCode() {
    return steps.hashCode();
  }

  /** As tables have it. */
  @Override
  public String toString() {
    return steps.stream().map(Step::toString).collect(Collectors.joining("+"));
  }
}
