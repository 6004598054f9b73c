package dev.graft.mapping;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses which name was meant, for error messages only. */
final class Closest {
  private Closest() {}

  /** {@code " (did you mean 'x'?)"}, or nothing where no candidate is near. */
  static String hint(String name, Collection<String> candidates) {
    return find(name, candidates).map(near -> " (did you mean '" + near + "'?)").orElse("");
  }

  /** The candidate with the fewest edits, if those are at most a third of the name. */
  static Optional<String> find(String name, Collection<String> candidates) {
    int limit = Math.max(1, name.length() / 3);
    return candidates.stream()
        .filter(candidate -> Math.abs(candidate.length() - name.length()) <= limit)
        .filter(candidate -> edits(name, candidate) <= limit)
        .min(Comparator.comparingInt(candidate -> edits(name, candidate)));
  }

  /** Levenshtein distance. */
  private static int edits(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replace, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
