package dev.graft.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What {@code --only} and {@code --exclude} take: names, scopes ({@code vgg16/fc8} covers {@code
 * vgg16/fc8/kernel}) and patterns of either, in which {@code *} stands for any characters, slashes
 * included, and {@code ?} for one. Brackets mean themselves: names have them.
 */
final class NamePatterns {
  private final List<Entry> entries;

  /** A text, and the pattern of the names that it and the scopes of its name cover. */
  private record Entry(String text, Pattern pattern) {
    boolean matches(String name) {
      return pattern.matcher(name).matches();
    }
  }

  NamePatterns(List<String> texts) {
    this.entries = texts.stream().map(text -> new Entry(text, glob(text))).toList();
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Whether any of them matches a name. */
  boolean match(String name) {
    return entries.stream().anyMatch(entry -> entry.matches(name));
  }

  /** The names that any of them matches, in their order. */
  List<String> among(Collection<String> names) {
    return names.stream().filter(this::match).toList();
  }

  /** Those that match none of the names. */
  List<String> idle(Collection<String> names) {
    return entries.stream()
        .filter(entry -> names.stream().noneMatch(entry::matches))
        .map(Entry::text)
        .toList();
  }

  /**
   * Refuses those that match none of the names.
   *
   * @param option whose they are
   * @param where has the names
   */
  void requireMatches(String option, Collection<String> names, String where) {
    List<String> idle = idle(names);
    if (!idle.isEmpty()) {
      throw new Failures.Failed(
          "%s %s matches no array of %s".formatted(option, String.join(",", idle), where));
    }
  }

  private static Pattern glob(String text) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      parts.add(
          switch (c) {
            case '*' -> ".*";
            case '?' -> ".";
            default -> Pattern.quote(String.valueOf(c));
          });
    }
    return Pattern.compile(String.join("", parts) + "(/.*)?", Pattern.DOTALL);
  }
}
