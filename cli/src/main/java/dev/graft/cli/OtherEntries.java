package dev.graft.cli;

import dev.graft.weights.OtherEntry;
import java.util.List;
import java.util.stream.Collectors;

/** What a container holds besides arrays, for people. */
final class OtherEntries {
  private OtherEntries() {}

  /** A table of them, each line cut to the terminal's width; empty where there are none. */
  static String table(List<OtherEntry> others, int columns) {
    if (others.isEmpty()) {
      return "";
    }
    Tables table = new Tables().text("other").text("type").text("value");
    others.forEach(other -> table.row(other.name(), other.type(), other.value()));
    return table.render().lines().map(line -> cut(line, columns)).collect(Collectors.joining("\n"))
        + "\n";
  }

  /** That they were not converted; empty where there are none. */
  static String leftOut(List<OtherEntry> others) {
    return switch (others.size()) {
      case 0 -> "";
      case 1 -> "left out: 1 string or number (graft inspect shows it)\n";
      default ->
          "left out: %d strings and numbers (graft inspect shows them)\n".formatted(others.size());
    };
  }

  private static String cut(String line, int columns) {
    return line.codePointCount(0, line.length()) <= columns
        ? line
        : line.substring(0, line.offsetByCodePoints(0, columns - 1)) + "…";
  }
}
