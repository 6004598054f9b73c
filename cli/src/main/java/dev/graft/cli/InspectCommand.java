package dev.graft.cli;

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
    description = "Show name, dtype, shape and bytes of every array of a weight file.",
    footer = {
      "Examples:",
      "  graft inspect vgg16.npy",
      "  graft inspect weights.npz --json",
      "  graft inspect runs/road"
    })
final class InspectCommand extends GraftCommand {
  @Parameters(paramLabel = "FILE", description = "A weight file, a RUN folder or a checkpoint.")
  private Path file;

  @Option(names = "--json", description = "Print JSON instead of a table.")
  private boolean json;

  @Override
  public Integer call() {
    WeightFormat format = WeightFormat.of(file);
    try (WeightStore store = format.open(file)) {
      if (json) {
        out().println(Json.of(record(format, store)));
      } else {
        printTable(format, store);
      }
    }
    return Main.SUCCESS;
  }

  private void printTable(WeightFormat format, WeightStore store) {
    Tables table = new Tables().text("name").text("dtype").text("shape").number("bytes");
    for (String name : store.names()) {
      WeightArray array = store.get(name);
      table.row(name, array.dtype(), array.shape(), array.byteSize());
    }
    out().print(table.render());
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

  private static Map<String, Object> record(WeightFormat format, WeightStore store) {
    List<Map<String, Object>> arrays = new ArrayList<>();
    for (String name : store.names()) {
      WeightArray array = store.get(name);
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", name);
      entry.put("dtype", array.dtype().toString());
      entry.put("shape", array.shape().dims());
      entry.put("bytes", array.byteSize());
      arrays.add(entry);
    }
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("source", store.source());
    record.put("format", format.name());
    record.put("arrays", arrays);
    record.put("total_bytes", WeightWriter.totalBytes(store));
    return record;
  }
}
