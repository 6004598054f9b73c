package dev.graft.mapping;

import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;

/** From a source's array layout to the graph's. */
public final class Transform {
  private Transform() {}

  /** Parses step names joined by {@code +}, applied left to right. */
  public static Transform parse(String text) {
    throw new UnsupportedOperationException();
  }

  /** The shape that an array of this shape gets. */
  public Shape apply(Shape source) {
    throw new UnsupportedOperationException();
  }

  /** The array in the new layout, lazily. */
  public WeightArray apply(WeightArray source) {
    throw new UnsupportedOperationException();
  }

  /** The way back. */
  public Transform inverse() {
    throw new UnsupportedOperationException();
  }
}
