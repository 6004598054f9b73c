package dev.graft.cli;

import dev.graft.cli.manifest.Contents;
import dev.graft.cli.manifest.Manifest;
import dev.graft.cli.manifest.ManifestFile;
import dev.graft.cli.manifest.WeightFiles;
import dev.graft.mapping.NameMapping;
import dev.graft.weights.ContainerWriter;
import dev.graft.weights.WeightFormat;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code graft convert}: weights into another container, under other names. */
@Command(
    name = "convert",
    description = {
      "Write weights to another container, under other names.",
      "Values stay as they are, bit for bit, unless --dtype is given. The arrays are streamed.",
      "--from alone gives graph names and layout, --to alone takes them; with neither the names stay."
    },
    footer = {
      "Examples:",
      "  graft convert weights.npz weights.npy",
      "  graft convert vgg16.npy vgg16.safetensors --manifest",
      "  graft convert vgg16.npy vgg16.npz --from tensorflow-vgg16 --exclude vgg16/fc8",
      "  graft convert vgg16.pth out.npy --from torchvision-vgg16 \\",
      "      --to tensorflow-vgg16",
      "  graft convert weights.npz half.npz --dtype f16 --only 'vgg16/conv*'",
      "  graft convert runs/road road.npz"
    })
final class ConvertCommand extends GraftCommand {
  @Parameters(
      index = "0",
      paramLabel = "SRC",
      description = "A weight file, a folder of them, a RUN folder or a checkpoint.")
  private Path source;

  @Parameters(
      index = "1",
      paramLabel = "DST",
      description = {
        "What to write; its extension chooses the container, a name without one a folder. What is"
            + " there is replaced.",
        "(.npy is a pickled dictionary; a plain array, where SRC is one and no table is given.)"
      })
  private Path destination;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description = "The container, whatever the extension of DST.")
  private String formatName;

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
      names = "--dtype",
      paramLabel = "TYPE",
      converter = CastType.Converter.class,
      completionCandidates = CastType.Converter.class,
      description = {
        "Cast floating point arrays, to the nearest value: ${COMPLETION-CANDIDATES}. To f32 before"
            + " the tables, which take nothing else; to the others after them."
      })
  private CastType dtype;

  @Option(
      names = "--only",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "NAME,…",
      description = {
        "Names, scopes or patterns (*, ?) of arrays to write: graph names where a table is given,"
            + " else the names of SRC. Each must match something."
      })
  private List<String> only = List.of();

  @Option(
      names = "--exclude",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "NAME,…",
      description = "The same, of arrays to leave out.")
  private List<String> exclude = List.of();

  @Option(
      names = "--manifest",
      description = {
        "Write DST.manifest.json too: hashes of the source, the tables, every array and what was"
            + " written. 'graft verify' checks it."
      })
  private boolean manifest;

  @Override
  public Integer call() throws IOException {
    ContainerWriter container = Containers.find(this, formatName, destination);
    NameMapping fromTable = from == null ? null : NameTables.find(this, from);
    NameMapping toTable = to == null ? null : NameTables.find(this, to);
    Conversion conversion =
        new Conversion(
            fromTable, toTable, dtype, new NamePatterns(only), new NamePatterns(exclude));
    WeightFormat format = WeightFormat.of(source);
    try (WeightStore store = format.open(source)) {
      Map<String, Path> sourceFiles = WeightFiles.of(source, store);
      refuseToOverwrite(sourceFiles);
      WeightStore result = conversion.of(store);
      long bytes = WeightWriter.totalBytes(result);
      long started = System.nanoTime();
      boolean tables = fromTable != null || toTable != null;
      boolean plain = formatName == null && container.name().equals("npy");
      write(container, result, plain && format.name().equals("npy") && !tables, bytes);
      report(result, bytes, System.nanoTime() - started);
      out().print(OtherEntries.leftOut(store.others()));
      if (manifest) {
        writeManifest(conversion, format, sourceFiles);
      }
    }
    return Main.SUCCESS;
  }

  private void refuseToOverwrite(Map<String, Path> sourceFiles) {
    boolean replaces = WeightFiles.wouldReplace(destination, sourceFiles.values());
    if (manifest) {
      Path file = ManifestFile.beside(destination);
      replaces |= WeightFiles.wouldReplace(file, sourceFiles.values());
    }
    require(
        !replaces,
        destination + ": is the source itself, or has its files, which are not overwritten");
  }

  private void write(ContainerWriter container, WeightStore result, boolean plain, long total) {
    try (WorkProgress progress = new WorkProgress(screen())) {
      LongConsumer written =
          bytes -> progress.bytes("writing " + destination.getFileName(), bytes, total);
      if (plain) {
        WeightWriter.writePlain(destination, result.get(result.names().get(0)), written);
      } else {
        container.write(destination, result, written);
      }
    }
  }

  private void report(WeightStore result, long bytes, long nanos) {
    int count = result.names().size();
    double seconds = nanos / 1e9;
    out()
        .printf(
            Locale.ROOT,
            "%s: %d %s, %s in %.2f s (%s/s)%n",
            destination,
            count,
            count == 1 ? "array" : "arrays",
            Tables.bytes(bytes),
            seconds,
            Tables.bytes((long) (bytes / Math.max(seconds, 1e-9))));
  }

  private void writeManifest(
      Conversion conversion, WeightFormat format, Map<String, Path> sourceFiles)
      throws IOException {
    // What was written is read again: the manifest says what a reader will find.
    WeightFormat written = WeightFormat.of(destination);
    Path file = ManifestFile.beside(destination);
    try (WeightStore store = written.open(destination)) {
      ManifestFile.write(
          file,
          new Manifest(
              Manifest.VERSION,
              "graft " + Version.graft(),
              Contents.container(source, format.name(), sourceFiles),
              Contents.table(conversion.from()),
              Contents.table(conversion.to()),
              new Manifest.Options(dtype == null ? null : dtype.toString(), only, exclude),
              Contents.arrays(store),
              Contents.container(destination, written.name(), WeightFiles.of(destination, store))));
    }
    out().printf("%s%n", file.getFileName());
  }
}
