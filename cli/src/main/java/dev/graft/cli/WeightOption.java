package dev.graft.cli;

import dev.graft.graph.ModelWeights;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** A weight source and the table to read it through: {@code --weights FILE [--map TABLE]}. */
final class WeightOption {
  @Option(
      names = "--weights",
      required = true,
      paramLabel = "FILE",
      description =
          "A weight file, a RUN folder or a checkpoint. May be repeated; a name that two give is"
              + " an error.")
  private Path file;

  @Option(
      names = "--map",
      paramLabel = "TABLE",
      description = "The name table of the --weights before it (default: graft).")
  private String table;

  private static final String SEPARATOR = " --map ";

  private String table() {
    return table == null ? NameTables.DEFAULT : table;
  }

  /** As run.json has it, right from any working folder: {@code /data/vgg16.npy --map graft}. */
  String record() {
    return file.toAbsolutePath().normalize() + SEPARATOR + NameTables.lasting(table());
  }

  /** The sources with their tables found. */
  static List<ModelWeights.Source> sources(GraftCommand command, List<WeightOption> options) {
    return options.stream()
        .map(
            option ->
                new ModelWeights.Source(option.file, NameTables.find(command, option.table())))
        .toList();
  }

  /** The sources that {@link #record} wrote down. */
  static List<ModelWeights.Source> recorded(GraftCommand command, List<String> records) {
    return records.stream()
        .map(
            record -> {
              int end = record.lastIndexOf(SEPARATOR);
              String table = record.substring(end + SEPARATOR.length());
              return new ModelWeights.Source(
                  Path.of(record.substring(0, end)), NameTables.find(command, table));
            })
        .toList();
  }
}
