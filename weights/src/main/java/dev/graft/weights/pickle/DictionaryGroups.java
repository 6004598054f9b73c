package dev.graft.weights.pickle;

import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightsException;
import dev.graft.weights.io.Printable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A store's names as the entries of a dictionary: the name itself, or, for names such as {@code
 * conv1_1[0]}, the key before the bracket with its elements.
 */
final class DictionaryGroups {
  private static final Pattern ELEMENT =
      Pattern.compile("(.*)\\[(0|[1-9][0-9]{0,8})\\]", Pattern.DOTALL);

  private DictionaryGroups() {}

  /**
   * One entry of the dictionary.
   *
   * @param single the array's name; null where there are elements
   * @param elements the elements' names by their index
   */
  record Entry(String single, SortedMap<Integer, String> elements) {
    /** Whether the elements are 0, 1, ... without a gap, so that a list holds them. */
    boolean isList() {
      return elements.lastKey() == elements.size() - 1;
    }
  }

  /** The entries by key, in the order of each key's first name. */
  static Map<String, Entry> of(WeightStore store, String destination) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (String name : store.names()) {
      Matcher element = ELEMENT.matcher(name);
      boolean isElement = element.matches();
      String key = isElement ? element.group(1) : name;
      Entry entry =
          entries.computeIfAbsent(key, k -> new Entry(isElement ? null : name, new TreeMap<>()));
      if (isElement != (entry.single() == null)) {
        throw new WeightsException(
            destination
                + ": a dictionary cannot have both an array "
                + Printable.of(key)
                + " and elements of that name");
      }
      if (isElement) {
        entry.elements().put(Integer.valueOf(element.group(2)), name);
      }
    }
    return entries;
  }
}
