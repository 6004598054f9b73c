package dev.graft.cli;

import dev.graft.mapping.NameMapping;
import dev.graft.mapping.Suggestion;
import dev.graft.weights.WeightStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code graft tables}: the bundled name tables. */
@Command(
    name = "tables",
    description = {
      "List the bundled name tables, print one, or suggest one for a file.",
      "A printed table is a start for one of your own. Suggestions go by names and shapes; 'graft",
      "check' says whether everything fits."
    },
    exitCodeList = {
      "0:success",
      "1:no table has any name of the file, or it cannot be read",
      "2:wrong usage"
    },
    footer = {
      "Examples:",
      "  graft tables",
      "  graft tables tensorflow-vgg16 > my.table",
      "  graft tables --suggest vgg16.npy"
    })
final class TablesCommand extends GraftCommand {
  private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.:;])\\s");

  @Parameters(
      arity = "0..1",
      paramLabel = "TABLE",
      description = "Print this table: a bundled one, or a file.")
  private String name;

  @Option(names = "--suggest", paramLabel = "FILE", description = "Suggest tables for this file.")
  private Path file;

  @Option(names = "--json", description = "Print JSON instead of text.")
  private boolean json;

  @Override
  public Integer call() {
    require(name == null || file == null, "--suggest takes no TABLE");
    require(name == null || !json, "--json is for the list and for --suggest");
    if (name != null) {
      String text = NameTables.find(this, name).text();
      out().print(text.endsWith("\n") ? text : text + "\n");
      return Main.SUCCESS;
    }
    return file == null ? list() : suggest();
  }

  private int list() {
    List<Map<String, Object>> records = new ArrayList<>();
    Tables shown = new Tables().text("table").number("rows").text("for");
    for (String each : NameMapping.bundledNames()) {
      NameMapping table = NameMapping.bundled(each);
      int rows = table.graphNames().size();
      String purpose = purpose(table.text());
      shown.row(each, rows, purpose);
      Map<String, Object> record = new LinkedHashMap<>();
      record.put("table", each);
      record.put("rows", rows);
      record.put("for", purpose);
      records.add(record);
    }
    if (json) {
      out().println(Json.of(records));
    } else {
      out().print(shown.render());
    }
    return Main.SUCCESS;
  }

  /** The first sentence of the comment that the table begins with. */
  private static String purpose(String text) {
    StringBuilder comment = new StringBuilder();
    for (String line : text.lines().toList()) {
      String words = line.startsWith("#") ? line.substring(1).strip() : "";
      if (words.isEmpty()) {
        break;
      }
      comment.append(comment.isEmpty() ? "" : " ").append(words);
    }
    String sentence = SENTENCE_END.split(comment)[0];
    return sentence.isEmpty() ? "" : sentence.substring(0, sentence.length() - 1);
  }

  private int suggest() {
    List<Suggestion> suggestions;
    try (WeightStore store = WeightStore.open(file)) {
      suggestions = NameMapping.suggest(store);
    }
    if (json) {
      out().println(Json.of(suggestions.stream().map(TablesCommand::record).toList()));
    } else if (suggestions.isEmpty()) {
      out()
          .printf(
              "no bundled table has a name of %s; 'graft inspect' shows its names, and 'graft"
                  + " tables TABLE' prints a table to start from%n",
              file);
    } else {
      print(suggestions);
    }
    return suggestions.isEmpty() ? Main.FAILURE : Main.SUCCESS;
  }

  private void print(List<Suggestion> suggestions) {
    Tables shown = new Tables().text("table").text("fits").text("names").number("others").text("");
    for (Suggestion each : suggestions) {
      shown.row(
          each.table(),
          each.fits() ? "yes" : "no",
          "%d of %d".formatted(each.matched(), each.rows()),
          each.unexpected(),
          each.words());
    }
    out().print(shown.render());
    Suggestion first = suggestions.get(0);
    if (first.fits()) {
      out().printf("graft check %s --map %s%n", file, first.table());
    }
  }

  private static Map<String, Object> record(Suggestion suggestion) {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("table", suggestion.table());
    record.put("fits", suggestion.fits());
    record.put("matched", suggestion.matched());
    record.put("rows", suggestion.rows());
    record.put("unexpected", suggestion.unexpected());
    record.put("words", suggestion.words());
    return record;
  }
}
