package dev.graft.mapping;

import dev.graft.mapping.Finding.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Everything that a check found, and what the mapping gives. Immutable. */
public final class MappingReport {
  private final List<Finding> findings;
  private final List<MappedArray> mapped;
  private final List<String> excluded;
  private final List<String> toInitialise;

  MappingReport(
      List<Finding> findings,
      List<MappedArray> mapped,
      List<String> excluded,
      List<String> toInitialise) {
    this.findings = findings.stream().sorted(Comparator.comparing(Finding::severity)).toList();
    this.mapped = List.copyOf(mapped);
    this.excluded = List.copyOf(excluded);
    this.toInitialise = List.copyOf(toInitialise);
  }

  /** Whether there is no error. */
  public boolean valid() {
    return errors().isEmpty();
  }

  /** All findings: errors first, in the order of sources and table. */
  public List<Finding> findings() {
    return findings;
  }

  /** The findings that stop the mapping. */
  public List<Finding> errors() {
    return findings.stream().filter(finding -> finding.severity() == Severity.ERROR).toList();
  }

  /** The arrays whose dtype and shape fit, in the order of the sources and their tables. */
  public List<MappedArray> mapped() {
    return mapped;
  }

  /** Graph names of the arrays that are there and were left out because the caller said so. */
  public List<String> excluded() {
    return excluded;
  }

  /** Graph names that no source gives and that the caller initialises, in the model's order. */
  public List<String> toInitialise() {
    return toInitialise;
  }

  /** The findings as plain strings, for JSON. */
  public List<Map<String, String>> records() {
    return findings.stream().map(Finding::record).toList();
  }

  /** {@code 30 arrays mapped, 2 excluded, 1 problem}. */
  public String summary() {
    int problems = errors().size();
    return "%d %s mapped, %d excluded, %d %s"
        .formatted(
            mapped.size(),
            mapped.size() == 1 ? "array" : "arrays",
            excluded.size(),
            problems,
            problems == 1 ? "problem" : "problems");
  }

  /**
   * For people: the findings of each source under a headline, one a line in aligned columns
   * (severity, kind, name or key, message), and the {@link #summary} as the last line. No line
   * break at the end.
   */
  public String render() {
    Map<String, List<Finding>> bySource = new LinkedHashMap<>();
    for (Finding finding : findings) {
      bySource.computeIfAbsent(headline(finding), line -> new ArrayList<>()).add(finding);
    }
    StringBuilder text = new StringBuilder();
    bySource.forEach(
        (headline, group) -> {
          text.append(headline).append('\n');
          int kind = width(group.stream().map(finding -> finding.kind().toString()).toList());
          int subject = width(group.stream().map(MappingReport::subject).toList());
          for (Finding finding : group) {
            text.append("  ")
                .append(pad(finding.severity().name().toLowerCase(Locale.ROOT), 7))
                .append(pad(finding.kind().toString(), kind + 2))
                .append(subject == 0 ? "" : pad(subject(finding), subject + 2))
                .append(finding.message())
                .append('\n');
          }
        });
    return text.append(summary()).toString();
  }

  private static String headline(Finding finding) {
    return finding.source().isEmpty()
        ? "all sources together:"
        : finding.source() + " through the table " + finding.table() + ":";
  }

  private static String subject(Finding finding) {
    return finding.name().isEmpty() ? finding.key() : finding.name();
  }

  private static int width(List<String> texts) {
    return texts.stream().mapToInt(String::length).max().orElse(0);
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  /** {@link #render}. */
  @Override
  public String toString() {
    return render();
  }
}
