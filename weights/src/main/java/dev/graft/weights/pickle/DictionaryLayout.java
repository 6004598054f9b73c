package dev.graft.weights.pickle;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.WeightArray;
import dev.graft.weights.io.Printable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Names the arrays of an unpickled dictionary, which is two levels deep at most. An array's name is
 * its key; the elements of a list, a tuple or a dictionary with integer keys are {@code key[0]},
 * {@code key[1]}.
 */
final class DictionaryLayout {
  /** A list that stands under many names could otherwise make billions of them. */
  private static final int MAX_ARRAYS = 100_000;

  private final String source;
  private final Map<String, WeightArray> arrays = new LinkedHashMap<>();

  private DictionaryLayout(String source) {
    this.source = source;
  }

  /** The arrays of the object array that an .npy of shape () holds. */
  static Map<String, WeightArray> arrays(Object root, String source) {
    DictionaryLayout layout = new DictionaryLayout(source);
    if (!(root instanceof PyArray array)
        || !(array.state() instanceof PyArray.Objects objects)
        || objects.shape().rank() != 0) {
      throw layout.error("the pickle is " + kind(root) + ", expected an object array of shape ()");
    }
    if (!(objects.items().get(0) instanceof PyDict dict)) {
      throw layout.error(
          "the file holds " + kind(objects.items().get(0)) + ", expected a dictionary of arrays");
    }
    dict.entries().forEach(layout::addEntry);
    return layout.arrays;
  }

  private void addEntry(Object key, Object value) {
    if (!(key instanceof String name)) {
      throw error("the dictionary has the key " + key + ", expected names");
    }
    List<Object> elements = Constructors.sequence(value).orElse(null);
    if (elements != null) {
      for (int i = 0; i < elements.size(); i++) {
        add(name + "[" + i + "]", elements.get(i));
      }
    } else if (value instanceof PyDict dict) {
      dict.entries().forEach((index, element) -> addIndexed(name, index, element));
    } else {
      add(name, value);
    }
  }

  private void addIndexed(String name, Object index, Object element) {
    if (!(index instanceof Long number) || number < 0) {
      throw error(
          Printable.of(name)
              + " is a dictionary with the key "
              + Printable.of(String.valueOf(index))
              + ", expected only 0, 1, ...");
    }
    add(name + "[" + number + "]", element);
  }

  private void add(String name, Object value) {
    if (arrays.size() == MAX_ARRAYS) {
      throw error("more than " + MAX_ARRAYS + " arrays");
    }
    if (arrays.put(name, array(name, value)) != null) {
      throw error("the name " + Printable.of(name) + " is there twice");
    }
  }

  private WeightArray array(String name, Object value) {
    if (value instanceof PyArray array && array.state() instanceof PyArray.Numeric numeric) {
      return numeric.array();
    }
    return PythonScalars.of(value)
        .orElseThrow(
            () -> error(Printable.of(name) + " is " + kind(value) + ", expected a numeric array"));
  }

  private static String kind(Object value) {
    if (value instanceof PyArray array) {
      PyArray.State state = array.state();
      if (state == null) {
        return "an array without a state";
      }
      if (state instanceof PyArray.Objects objects) {
        return "an object array of shape " + objects.shape();
      }
      return state instanceof PyArray.Other other
          ? "an array of the dtype " + Printable.of(other.dtype())
          : "a numeric array";
    }
    if (value instanceof PyDict) {
      return "a dictionary";
    }
    if (value instanceof PyList) {
      return "a list";
    }
    if (value instanceof PyTuple) {
      return "a tuple";
    }
    if (value instanceof PickleString) {
      return "a string";
    }
    return value == PyNone.NONE ? "None" : "no array";
  }

  private MalformedWeightsException error(String problem) {
    return new MalformedWeightsException(source + ": " + problem);
  }
}
