package dev.graft.mapping;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads the text of a table; collects all problems before it fails. */
final class TableParser {
  private static final Pattern COMMENT = Pattern.compile("(^|\\s)#.*");
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final Pattern NAME = Pattern.compile("[^/\\s]+(/[^/\\s]+)*");
  private static final Pattern BAR = Pattern.compile("\\|");

  private final String source;
  private final List<Row> rows = new ArrayList<>();
  private final Map<String, Integer> nameLines = new HashMap<>();
  private final Map<String, Integer> keyLines = new HashMap<>();
  private final Map<String, Integer> ignoreLines = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private List<String> namings = List.of();
  private int namingsLine;
  private boolean partial;
  private int line;

  private TableParser(String source) {
    this.source = source;
  }

  /**
   * @param source what messages call the text: a file
   * @throws TableException with all problems, one a line
   */
  static NameMapping parse(String name, String source, String text) {
    return new TableParser(source).parse(name, text);
  }

  private NameMapping parse(String name, String text) {
    for (String each : text.lines().toList()) {
      line++;
      String content = COMMENT.matcher(each).replaceFirst("").strip();
      if (!content.isEmpty()) {
        entry(BLANKS.split(content));
      }
    }
    ignoreLines.forEach(
        (key, at) -> {
          if (keyLines.containsKey(key)) {
            problem(at, "'" + key + "' is ignored, but mapped on line " + keyLines.get(key));
          }
        });
    if (rows.isEmpty() && problems.isEmpty()) {
      problem(line, "the table has no variable");
    }
    if (!problems.isEmpty()) {
      throw new TableException(String.join("\n", problems));
    }
    return new NameMapping(name, text, rows, namings, ignoreLines.keySet(), partial);
  }

  private void entry(String[] fields) {
    if (fields[0].equals("ignore") && fields.length == 2) {
      once(ignoreLines, Keys.plain(fields[1]), "ignored key");
    } else if (fields[0].equals("partial") && fields.length == 1) {
      partial = true;
    } else if (fields[0].equals("namings") && fields.length == 2) {
      namings(fields[1]);
    } else if (fields.length == 4) {
      variable(fields);
    } else {
      problem(
          line,
          "expected 'graph-name source-key transform shape', 'ignore KEY', 'namings A|B' or"
              + " 'partial'; found %d fields: '".formatted(fields.length)
              + String.join(" ", fields)
              + "'");
    }
  }

  private void namings(String field) {
    List<String> names = List.of(BAR.split(field, -1));
    if (namingsLine > 0) {
      problem(line, "the namings are on line " + namingsLine + " already");
    } else if (!rows.isEmpty()) {
      problem(line, "the namings have to stand before the first variable");
    } else if (names.size() < 2
        || names.contains("")
        || new HashSet<>(names).size() < names.size()) {
      problem(line, "expected two or more different names joined by |, found '" + field + "'");
    }
    namings = names;
    namingsLine = line;
  }

  private void variable(String[] fields) {
    int before = problems.size();
    if (!NAME.matcher(fields[0]).matches()) {
      problem(line, "graph name '" + fields[0] + "' is not a path such as vgg16/conv1_1/kernel");
    }
    once(nameLines, fields[0], "graph name");
    List<String> keys = keys(fields[1]);
    Transform transform = Transform.identity();
    try {
      transform = Transform.parse(fields[2]);
    } catch (IllegalArgumentException e) {
      problem(line, e.getMessage());
    }
    try {
      ShapePattern pattern = ShapePattern.parse(fields[3]);
      if (transform.rankOut() != 0 && transform.rankOut() != pattern.rank()) {
        problem(
            line,
            "%s gives rank %d, but the shape %s has rank %d"
                .formatted(transform, transform.rankOut(), fields[3], pattern.rank()));
      }
      if (problems.size() == before) {
        rows.add(new Row(fields[0], keys, transform, pattern));
      }
    } catch (IllegalArgumentException e) {
      problem(line, e.getMessage());
    }
  }

  /** One key for all namings, or one for each. A key stands on one line only. */
  private List<String> keys(String field) {
    List<String> parts = List.of(BAR.split(field, -1));
    if (parts.size() > 1 && namings.isEmpty()) {
      problem(line, "source key '" + field + "' needs a line 'namings A|B' before it");
    } else if (parts.size() > 1 && parts.size() != namings.size()) {
      problem(
          line,
          "source key '%s' has %d parts; line %d has %d namings: %s"
              .formatted(
                  field, parts.size(), namingsLine, namings.size(), String.join(", ", namings)));
    } else if (parts.contains("")) {
      problem(line, "source key '" + field + "' has an empty part");
    }
    List<String> keys = parts.stream().map(Keys::plain).toList();
    new LinkedHashSet<>(keys).forEach(key -> once(keyLines, key, "source key"));
    return keys;
  }

  private void once(Map<String, Integer> lines, String value, String what) {
    Integer first = lines.putIfAbsent(value, line);
    if (first != null) {
      problem(line, what + " '" + value + "' is on line " + first + " already");
    }
  }

  private void problem(int at, String message) {
    problems.add(source + ":" + at + ": " + message);
  }
}
