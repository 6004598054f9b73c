package dev.graft.weights.pickle;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.WeightArray;
import java.util.Optional;

/**
 * A pickle's values as readers of containers see them. Lists, tuples, dictionaries and None have
 * classes of their own; integers are Longs, the other numbers Doubles and Booleans.
 */
public final class PythonValues {
  private PythonValues() {}

  /**
   * A string, as text or as Python 2's bytes; empty for anything else.
   *
   * @throws MalformedWeightsException for one of more than a kilobyte, or that is not UTF-8
   */
  public static Optional<String> string(Object value) {
    return value instanceof PickleString string ? Optional.of(string.text()) : Optional.empty();
  }

  /** The array that a numpy array or scalar of numbers is; empty for anything else. */
  public static Optional<WeightArray> array(Object value) {
    return value instanceof PyArray array && array.state() instanceof PyArray.Numeric numeric
        ? Optional.of(numeric.array())
        : Optional.empty();
  }

  /** Whether it is a string, a number, a bool or None. */
  public static boolean isScalar(Object value) {
    return value instanceof PickleString
        || value == PyNone.NONE
        || value instanceof Boolean
        || value instanceof Long
        || value instanceof Double;
  }

  /**
   * A single value as people read it; empty for what has parts, and for functions and classes. A
   * string too long to show, or of bytes that are no text, gives its length.
   */
  public static Optional<String> scalarText(Object value) {
    if (value instanceof PickleString string) {
      try {
        return Optional.of(string.text());
      } catch (MalformedWeightsException e) {
        return Optional.of("(" + string.rawLength() + " bytes)");
      }
    }
    if (value == PyNone.NONE) {
      return Optional.of("None");
    }
    if (value instanceof Boolean flag) {
      return Optional.of(flag ? "True" : "False");
    }
    return value instanceof Long || value instanceof Double
        ? Optional.of(value.toString())
        : Optional.empty();
  }

  /** What kind of value it is, as Python's users call it. */
  public static String kind(Object value) {
    if (value instanceof PickleString) {
      return "string";
    }
    if (value == PyNone.NONE) {
      return "None";
    }
    if (value instanceof Boolean) {
      return "bool";
    }
    if (value instanceof Long) {
      return "int";
    }
    if (value instanceof Double) {
      return "float";
    }
    if (value instanceof PyDict) {
      return "dictionary";
    }
    if (value instanceof PyList) {
      return "list";
    }
    if (value instanceof PyTuple) {
      return "tuple";
    }
    return value instanceof PyArray array ? arrayKind(array.state()) : "function or class";
  }

  private static String arrayKind(PyArray.State state) {
    if (state == null) {
      return "numpy array without a state";
    }
    if (state instanceof PyArray.Objects objects) {
      return "numpy array of objects " + objects.shape();
    }
    return state instanceof PyArray.Other other
        ? "numpy array of dtype " + other.dtype()
        : "numpy array";
  }
}
