package dev.graft.cli;

import dev.graft.weights.ArrayStatistics;
import dev.graft.weights.OtherEntry;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightFormat;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code graft inspect}: what a weight file holds. */
@Command(
    name = "inspect",
    description = {
      "Show name, dtype, shape and bytes of every array of a weight file.",
      "Below them stands what else it holds: strings, numbers, attributes."
    },
    footer = {
      "Examples:",
      "  graft inspect vgg16.npy",
      "  graft inspect vgg16.npy --stats --only 'fc*'",
      "  graft inspect weights.npz --stats --json",
      "  graft inspect runs/road"
    })
final class InspectCommand extends GraftCommand {
  private static final int SHORT_HASH = 12;

  @Parameters(
      paramLabel = "FILE",
      description = "A weight file, a folder of them, a RUN folder or a checkpoint.")
  private Path file;

  @Option(
      names = "--stats",
      description = {
        "Read the elements too: range, mean and standard deviation of the finite ones, how many are"
            + " not finite, and the SHA-256 of all (its beginning; whole with --json)."
      })
  private boolean stats;

  @Option(
      names = "--only",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "NAME,…",
      description = "Names, scopes or patterns (*, ?) of arrays to show.")
  private List<String> only = List.of();

  @Option(names = "--json", description = "Print JSON instead of a table.")
  private boolean json;

  @Override
  public Integer call() {
    WeightFormat format = WeightFormat.of(file);
    try (WeightStore store = format.open(file)) {
      WeightStore shown = Selection.only(store, new NamePatterns(only));
      List<ArrayStatistics> statistics = stats ? statistics(shown) : List.of();
      if (json) {
        out().println(Json.of(record(format, shown, statistics)));
      } else {
        printArrays(shown, statistics);
        printOthers(shown.others());
        printSummary(format, shown);
      }
    }
    return Main.SUCCESS;
  }

  private List<ArrayStatistics> statistics(WeightStore store) {
    long total = WeightWriter.totalBytes(store);
    try (WorkProgress progress = new WorkProgress(screen())) {
      return ArrayStatistics.of(
          store.names().stream().map(store::get).toList(),
          bytes -> progress.bytes("reading", bytes, total));
    }
  }

  private void printArrays(WeightStore store, List<ArrayStatistics> statistics) {
    Tables table = new Tables().text("name").text("dtype").text("shape").number("bytes");
    if (stats) {
      table.number("min").number("max").number("mean").number("std");
      table.number("non-finite").text("SHA-256");
    }
    int row = 0;
    for (String name : store.names()) {
      WeightArray array = store.get(name);
      List<Object> cells = new ArrayList<>();
      cells.addAll(List.of(name, array.dtype(), array.shape(), array.byteSize()));
      if (stats) {
        ArrayStatistics found = statistics.get(row++);
        cells.add(Numbers.text(found.min()));
        cells.add(Numbers.text(found.max()));
        cells.add(Numbers.text(found.mean()));
        cells.add(Numbers.text(found.std()));
        cells.add(found.nonFinite());
        cells.add(found.sha256().substring(0, SHORT_HASH));
      }
      table.row(cells.toArray());
    }
    out().print(table.render());
  }

  private void printOthers(List<OtherEntry> others) {
    if (!others.isEmpty()) {
      out().println();
      out().print(OtherEntries.table(others, screen().columns()));
      out().println();
    }
  }

  private void printSummary(WeightFormat format, WeightStore store) {
    int count = store.names().size();
    long bytes = WeightWriter.totalBytes(store);
    out()
        .printf(
            "%d %s, %d bytes (%s), %s, %s%n",
            count,
            count == 1 ? "array" : "arrays",
            bytes,
            Tables.bytes(bytes),
            format.name(),
            store.source());
  }

  private static Map<String, Object> record(
      WeightFormat format, WeightStore store, List<ArrayStatistics> statistics) {
    List<Map<String, Object>> arrays = new ArrayList<>();
    for (String name : store.names()) {
      WeightArray array = store.get(name);
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", name);
      entry.put("dtype", array.dtype().toString());
      entry.put("shape", array.shape().dims());
      entry.put("bytes", array.byteSize());
      if (!statistics.isEmpty()) {
        put(entry, statistics.get(arrays.size()));
      }
      arrays.add(entry);
    }
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("source", store.source());
    record.put("format", format.name());
    record.put("arrays", arrays);
    record.put("others", store.others());
    record.put("total_bytes", WeightWriter.totalBytes(store));
    return record;
  }

  private static void put(Map<String, Object> entry, ArrayStatistics found) {
    entry.put("min", Numbers.json(found.min()));
    entry.put("max", Numbers.json(found.max()));
    entry.put("mean", Numbers.json(found.mean()));
    entry.put("std", Numbers.json(found.std()));
    entry.put("non_finite", found.nonFinite());
    entry.put("zeros", found.zeros());
    entry.put("sha256", found.sha256());
  }
}
