package dev.graft.weights.pickle;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.WeightArray;
import dev.graft.weights.io.Printable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Names the arrays of an unpickled dictionary. An array's name is its key; in dictionaries within
 * dictionaries the keys are joined, {@code layer/key}; the elements of a list, a tuple or a
 * dictionary with integer keys are {@code key[0]}, {@code key[1]}, and they have to be arrays.
 */
final class DictionaryLayout {
  /** A list that stands under many names could otherwise make billions of them. */
  private static final int MAX_ARRAYS = 100_000;

  private static final int MAX_DEPTH = 8;

  /** Dictionaries that stand under many names count each time; so do empty ones. */
  private static final int MAX_ENTRIES = 1_000_000;

  /** All names together, in characters. */
  private static final int MAX_NAME_CHARS = 1 << 22;

  private final String source;
  private long entryCount;
  private long nameChars;
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
    dict.entries().forEach((key, value) -> layout.addNamed("", key, value, 1));
    return layout.arrays;
  }

  /** An entry of the outermost dictionary, or of one within it; recursive, to a limited depth. */
  private void addNamed(String prefix, Object key, Object value, int depth) {
    if (!(key instanceof String text)) {
      throw error("the dictionary has the key " + key + ", expected names");
    }
    if (depth > MAX_DEPTH) {
      throw error(Printable.of(prefix) + " is a dictionary " + depth + " levels deep");
    }
    String name = prefix + text;
    List<Object> elements = Constructors.sequence(value).orElse(null);
    if (elements != null) {
      for (int i = 0; i < elements.size(); i++) {
        add(name + "[" + i + "]", elements.get(i));
      }
    } else if (value instanceof PyDict dict) {
      dict.entries().forEach((inner, element) -> addInner(name, inner, element, depth));
    } else {
      add(name, value);
    }
  }

  private void addInner(String name, Object key, Object value, int depth) {
    entryCount++;
    if (entryCount > MAX_ENTRIES) {
      throw error("more than " + MAX_ENTRIES + " entries of dictionaries within dictionaries");
    }
    if (key instanceof String) {
      addNamed(name + "/", key, value, depth + 1);
    } else if (key instanceof Long number && number >= 0) {
      add(name + "[" + number + "]", value);
    } else {
      throw error(
          Printable.of(name)
              + " is a dictionary with the key "
              + Printable.of(String.valueOf(key))
              + ", expected names or 0, 1, ...");
    }
  }

  private void add(String name, Object value) {
    if (arrays.size() == MAX_ARRAYS) {
      throw error("more than " + MAX_ARRAYS + " arrays");
    }
    nameChars += name.length();
    if (nameChars > MAX_NAME_CHARS) {
      throw error("names of more than " + MAX_NAME_CHARS + " characters in all");
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
