package dev.graft.weights.pickle;

import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightsException;
import dev.graft.weights.io.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A store's names as the entries of a dictionary: the name itself, or, for names such as {@code
 * conv1_1[0]}, the key before the bracket with its elements.
 */
final class DictionaryGroups {
  private static final Pattern ELEMENT =
      Pattern.compile("(.*)\\[(0|[1-9][0-9]{0,8})\\]", Pattern.DOTALL);

  private static final int MAX_SHOWN = 10;

  private DictionaryGroups() {}

  /**
   * One entry of the dictionary.
   *
   * @param single the array's name; null where there are elements
   * @param elements the elements' names by their index
   * @param list whether the elements make a list; else a dictionary with integer keys
   */
  record Entry(String single, SortedMap<Integer, String> elements, boolean list) {
    private boolean isWithoutGap() {
      return elements.lastKey() == elements.size() - 1;
    }
  }

  /**
   * The entries by key, in the order of each key's first name: elements 0, 1, ... are a list, with
   * a gap a dictionary.
   */
  static Map<String, Entry> automatic(WeightStore store, String destination) {
    Map<String, Entry> entries = grouped(store, destination);
    entries.replaceAll((key, e) -> new Entry(e.single(), e.elements(), isList(e)));
    return entries;
  }

  private static boolean isList(Entry entry) {
    return entry.single() == null && entry.isWithoutGap();
  }

  /** Every name a key. */
  static Map<String, Entry> flat(WeightStore store) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (String name : store.names()) {
      entries.put(name, new Entry(name, new TreeMap<>(), false));
    }
    return entries;
  }

  /**
   * Lists of elements.
   *
   * @throws WeightsException for names that are no elements, or leave a gap
   */
  static Map<String, Entry> lists(WeightStore store, String destination) {
    Map<String, Entry> entries = elements(store, destination, "{layer: [kernel, bias]}");
    List<String> gaps =
        entries.entrySet().stream()
            .filter(entry -> !isList(entry.getValue()))
            .flatMap(entry -> entry.getValue().elements().values().stream())
            .toList();
    if (!gaps.isEmpty()) {
      throw new WeightsException(
          destination
              + ": in a dictionary of lists the elements of a key are [0], [1], ... without a gap,"
              + " but these leave one: "
              + shown(gaps));
    }
    entries.replaceAll((key, e) -> new Entry(null, e.elements(), true));
    return entries;
  }

  /**
   * Dictionaries with integer keys.
   *
   * @throws WeightsException for names that are no elements
   */
  static Map<String, Entry> indexed(WeightStore store, String destination) {
    return elements(store, destination, "{layer: {0: kernel, 1: bias}}");
  }

  private static Map<String, Entry> elements(WeightStore store, String destination, String layout) {
    List<String> others =
        store.names().stream().filter(name -> !ELEMENT.matcher(name).matches()).toList();
    if (!others.isEmpty()) {
      throw new WeightsException(
          destination
              + ": a dictionary "
              + layout
              + " has names such as conv1_1[0], but these are not: "
              + shown(others));
    }
    return grouped(store, destination);
  }

  private static String shown(List<String> names) {
    String first =
        names.stream().limit(MAX_SHOWN).map(Printable::of).collect(Collectors.joining(", "));
    int rest = names.size() - MAX_SHOWN;
    return rest > 0 ? first + " and " + rest + " more" : first;
  }

  private static Map<String, Entry> grouped(WeightStore store, String destination) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    List<String> both = new ArrayList<>();
    for (String name : store.names()) {
      Matcher element = ELEMENT.matcher(name);
      boolean isElement = element.matches();
      String key = isElement ? element.group(1) : name;
      Entry entry =
          entries.computeIfAbsent(
              key, k -> new Entry(isElement ? null : name, new TreeMap<>(), false));
      if (isElement != (entry.single() == null)) {
        both.add(key);
      }
      if (isElement) {
        entry.elements().put(Integer.valueOf(element.group(2)), name);
      }
    }
    if (!both.isEmpty()) {
      throw new WeightsException(
          destination
              + ": a dictionary cannot have both an array "
              + shown(both.stream().distinct().toList())
              + " and elements of that name");
    }
    return entries;
  }
}
