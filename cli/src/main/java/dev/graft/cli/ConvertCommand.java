package dev.graft.cli;

import dev.graft.mapping.NameMapping;
import dev.graft.mapping.Needs;
import dev.graft.weights.WeightFormat;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code graft convert}: weights into another container, under other names. */
@Command(
    name = "convert",
    description = {
      "Write weights to another container (.npz or .npy), under other names.",
      "--from alone gives graph names and layout, --to alone takes them; with neither the names stay."
    },
    footer = {
      "Examples:",
      "  graft convert weights.npz weights.npy",
      "  graft convert vgg16.npy vgg16.npz --from tensorflow-vgg16 --exclude vgg16/fc8",
      "  graft convert vgg_16.npy vgg16.npy --from slim-vgg16 --to tensorflow-vgg16",
      "  graft convert runs/road road.npz"
    })
final class ConvertCommand extends GraftCommand {
  @Parameters(
      index = "0",
      paramLabel = "SRC",
      description = "A weight file, a RUN folder or a checkpoint.")
  private Path source;

  @Parameters(
      index = "1",
      paramLabel = "DST",
      description = {
        "The file to write: .npz, or .npy for a pickled dictionary",
        "(a plain .npy, where SRC is one and no table is given)."
      })
  private Path destination;

  @Option(
      names = "--from",
      paramLabel = "TABLE",
      description = "The name table of SRC; without it SRC has graph names.")
  private String from;

  @Option(
      names = "--to",
      paramLabel = "TABLE",
      description = "The name table of DST; without it DST gets graph names.")
  private String to;

  @Option(
      names = "--exclude",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "SCOPE,…",
      description = "Scopes of graph names to leave out.")
  private List<String> exclude = List.of();

  @Override
  public Integer call() throws IOException {
    require(
        hasExtension(".npz") || hasExtension(".npy"),
        destination + ": the extension must be .npz or .npy, which are written");
    require(
        exclude.isEmpty() || from != null || to != null,
        "--exclude names scopes of the graph: it needs --from or --to");
    require(!isSameFile(), destination + ": is the source itself, which is not overwritten");
    NameMapping fromTable = from == null ? null : NameTables.find(this, from);
    NameMapping toTable = to == null ? null : NameTables.find(this, to);
    WeightFormat format = WeightFormat.of(source);
    boolean plain = format.name().equals("npy") && hasExtension(".npy");
    try (WeightStore store = format.open(source)) {
      WeightStore result = mapped(store, fromTable, toTable);
      long total = WeightWriter.totalBytes(result);
      try (WorkProgress progress = new WorkProgress(screen())) {
        LongConsumer written =
            bytes -> progress.bytes("writing " + destination.getFileName(), bytes, total);
        if (plain && fromTable == null && toTable == null) {
          WeightWriter.writePlain(destination, result.get(result.names().get(0)), written);
        } else {
          WeightWriter.write(destination, result, written);
        }
      }
      int count = result.names().size();
      out()
          .printf(
              "%s: %d %s, %s%n",
              destination, count, count == 1 ? "array" : "arrays", Tables.bytes(total));
    }
    return Main.SUCCESS;
  }

  private WeightStore mapped(WeightStore store, NameMapping fromTable, NameMapping toTable) {
    Set<String> scopes = Set.copyOf(exclude);
    WeightStore inGraphNames =
        fromTable == null ? store : fromTable.apply(store, Needs.wholeTable(), scopes);
    if (toTable == null) {
      return inGraphNames;
    }
    return toTable.export(inGraphNames, scopes);
  }

  private boolean hasExtension(String extension) {
    Path name = destination.getFileName();
    return name != null && name.toString().toLowerCase(Locale.ROOT).endsWith(extension);
  }

  private boolean isSameFile() throws IOException {
    return Files.exists(source)
        && Files.exists(destination)
        && Files.isSameFile(source, destination);
  }
}
