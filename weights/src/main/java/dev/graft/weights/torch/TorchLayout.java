package dev.graft.weights.torch;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.OtherEntry;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.Printable;
import dev.graft.weights.pickle.Constructors;
import dev.graft.weights.pickle.PyDict;
import dev.graft.weights.pickle.PythonValues;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Names what an object holds by the way to it: keys joined by dots, as PyTorch names a module's
 * parameters, and indices and integer keys in brackets. Tensors and numpy's arrays are arrays, all
 * else is other entries.
 */
final class TorchLayout {
  private static final int MAX_DEPTH = 64;

  /** An object that stands under many names could otherwise make billions of them. */
  private static final int MAX_VALUES = 200_000;

  private static final long MAX_LIST_ITEMS = 4_000_000;
  private static final long MAX_NAME_CHARS = 1 << 24;

  private final String source;
  private final Function<TorchStorage, StorageRun> runs;
  private final Map<String, WeightArray> arrays = new LinkedHashMap<>();
  private final List<OtherEntry> others = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private int values;
  private long listItems;
  private long nameChars;

  private TorchLayout(String source, Function<TorchStorage, StorageRun> runs) {
    this.source = source;
    this.runs = runs;
  }

  /**
   * The store of what an object holds. A single tensor is named as the file, without its extension.
   *
   * @param runs where the storages that it names lie in the file
   */
  static WeightStore store(Object root, MappedFile file, Function<TorchStorage, StorageRun> runs) {
    TorchLayout layout = new TorchLayout(file.source(), runs);
    boolean hasParts =
        root instanceof PyDict
            || root instanceof ScriptObject
            || Constructors.sequence(root).isPresent();
    if (!hasParts && layout.array(root) == null) {
      throw layout.error(
          "the file holds one value of the type "
              + PythonValues.kind(root)
              + ", expected a dictionary of tensors");
    }
    layout.add(hasParts ? "" : stem(file.name()), root, 0);
    return WeightStores.of(layout.arrays, layout.others, file.source(), file::close);
  }

  private static String stem(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  private void add(String name, Object something, int depth) {
    count(name, depth);
    Object value = something instanceof ScriptObject object ? attributes(name, object) : something;
    List<Object> items = Constructors.sequence(value).orElse(null);
    if (value instanceof PyDict dict && (!dict.entries().isEmpty() || depth == 0)) {
      for (Map.Entry<Object, Object> entry : dict.entries().entrySet()) {
        add(member(name, entry.getKey()), entry.getValue(), depth + 1);
      }
    } else if (items != null && (depth == 0 || !isShownWhole(items))) {
      for (int i = 0; i < items.size(); i++) {
        add(member(name, (long) i), items.get(i), depth + 1);
      }
    } else {
      addLeaf(name, value);
    }
  }

  private void count(String name, int depth) {
    if (depth > MAX_DEPTH) {
      throw error("more than " + MAX_DEPTH + " levels of nesting, under " + Printable.of(name));
    }
    values++;
    nameChars += name.length();
    if (values > MAX_VALUES || nameChars > MAX_NAME_CHARS) {
      throw error(
          "more than "
              + MAX_VALUES
              + " values, or names of more than "
              + MAX_NAME_CHARS
              + " characters in all");
    }
  }

  /** Whether a list is one entry: where all its items are single values. */
  private boolean isShownWhole(List<Object> items) {
    listItems += items.size();
    if (listItems > MAX_LIST_ITEMS) {
      throw error("lists of more than " + MAX_LIST_ITEMS + " items in all");
    }
    return items.stream().allMatch(OtherValues::isSingle);
  }

  private PyDict attributes(String name, ScriptObject object) {
    if (object.attributes() == null) {
      throw error(Printable.of(name) + " is of the type " + object.type() + ", without attributes");
    }
    return object.attributes();
  }

  private static String member(String name, Object key) {
    if (key instanceof Long index) {
      return name + "[" + index + "]";
    }
    return name.isEmpty() ? key.toString() : name + "." + key;
  }

  private void addLeaf(String name, Object value) {
    if (!names.add(name)) {
      throw error("the name " + Printable.of(name) + " is there twice");
    }
    WeightArray array = array(value);
    if (array != null) {
      arrays.put(name, array);
    } else {
      others.add(OtherValues.entry(name, value).orElseThrow(() -> notPlain(name, value)));
    }
  }

  /** The array that a value is; null where it is none. */
  private WeightArray array(Object value) {
    if (value instanceof TorchTensor tensor) {
      return tensor.array(runs.apply(tensor.storage()));
    }
    if (value instanceof TorchStorage storage) {
      return TorchTensor.of(storage).array(runs.apply(storage));
    }
    return PythonValues.array(value).orElse(null);
  }

  private MalformedWeightsException notPlain(String name, Object value) {
    return error(
        Printable.of(name)
            + " is of the type "
            + PythonValues.kind(value)
            + ", expected a tensor or a plain value");
  }

  private MalformedWeightsException error(String problem) {
    return new MalformedWeightsException(source + ": " + problem);
  }
}
