package dev.graft.weights.pickle;

import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.io.StoredArray;
import dev.graft.weights.npy.NumpyType;
import java.util.List;

/** A numpy array or scalar; without a state until its BUILD comes. */
final class PyArray {
  private State state;

  /** What an array is. */
  sealed interface State {}

  /** An array of numbers. */
  record Numeric(WeightArray array) implements State {}

  /** An array of Python objects. */
  record Objects(Shape shape, List<Object> items) implements State {}

  /** An array of another dtype. */
  record Other(String dtype) implements State {}

  /** An array without a state. */
  PyArray() {}

  /** A whole array. */
  PyArray(State state) {
    this.state = state;
  }

  /** The state; null where there is none yet. */
  State state() {
    return state;
  }

  void build(State newState) {
    this.state = newState;
  }

  /** The array that a bytes object's bytes are; their number has been checked. */
  static Numeric numeric(NumpyType type, Shape shape, boolean fortran, PickleString bytes) {
    long size = shape.elementCount() * type.dtype().byteSize();
    return new Numeric(
        new StoredArray(
            bytes.content(size),
            bytes.contentStart(),
            type.dtype(),
            shape,
            type.bigEndian(),
            fortran));
  }
}
