package dev.graft.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A small text table for the terminal: aligned columns, two spaces apart, numbers to the right. Not
 * for use by several threads at once.
 */
public final class Tables {
  private static final String GAP = "  ";
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private final List<String> headings = new ArrayList<>();
  private final List<Boolean> toTheRight = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  /** Adds a column of text, aligned to the left. */
  public Tables text(String heading) {
    return column(heading, false);
  }

  /** Adds a column of numbers, aligned to the right. */
  public Tables number(String heading) {
    return column(heading, true);
  }

  private Tables column(String heading, boolean right) {
    if (!rows.isEmpty()) {
      throw new IllegalStateException("column \"" + heading + "\" added after the first row");
    }
    headings.add(heading);
    toTheRight.add(right);
    return this;
  }

  /**
   * Adds a row; a cell shows its {@code toString()}, so format numbers before.
   *
   * @throws IllegalArgumentException if there is not one cell for each column
   */
  public Tables row(Object... cells) {
    if (cells.length != headings.size()) {
      throw new IllegalArgumentException(
          "a row of " + cells.length + " cells in a table of " + headings.size() + " columns");
    }
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(oneLine(String.valueOf(cell)));
    }
    rows.add(row);
    return this;
  }

  /** The headings, a rule and the rows, each line ended by a newline, none by spaces. */
  public String render() {
    int[] widths = new int[headings.size()];
    List<String> rule = new ArrayList<>();
    for (int column = 0; column < widths.length; column++) {
      widths[column] = width(headings.get(column));
      for (List<String> row : rows) {
        widths[column] = Math.max(widths[column], width(row.get(column)));
      }
      rule.add("-".repeat(widths[column]));
    }
    StringBuilder text = new StringBuilder();
    append(text, headings, widths);
    append(text, rule, widths);
    rows.forEach(row -> append(text, row, widths));
    return text.toString();
  }

  /**
   * A size in bytes for people, in binary units and at least two digits: {@code 512 B}, {@code 1.5
   * KiB}, {@code 528 MiB}.
   *
   * @throws IllegalArgumentException if {@code bytes} is negative
   */
  public static String bytes(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size of " + bytes + " bytes");
    }
    double value = bytes;
    int unit = 0;
    // 1023.5 would be shown as 1024 of the smaller unit.
    while (value >= 1023.5) {
      value /= 1024;
      unit++;
    }
    String pattern = unit > 0 && value < 9.95 ? "%.1f %s" : "%.0f %s";
    return String.format(Locale.ROOT, pattern, value, UNITS[unit]);
  }

  private void append(StringBuilder text, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = cells.get(column);
      String padding = " ".repeat(widths[column] - width(cell));
      line.append(column == 0 ? "" : GAP);
      line.append(toTheRight.get(column) ? padding + cell : cell + padding);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }

  /** Names from a file may hold anything; a control character must not reach the terminal. */
  static String oneLine(String cell) {
    StringBuilder line = new StringBuilder();
    cell.codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c)) {
                line.append(String.format(Locale.ROOT, "\\u%04x", c));
              } else {
                line.appendCodePoint(c);
              }
            });
    return line.toString();
  }
}
