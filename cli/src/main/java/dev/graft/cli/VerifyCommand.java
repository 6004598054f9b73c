package dev.graft.cli;

import dev.graft.cli.manifest.Contents;
import dev.graft.cli.manifest.Manifest;
import dev.graft.cli.manifest.ManifestFile;
import dev.graft.cli.manifest.Verification;
import dev.graft.cli.manifest.WeightFiles;
import dev.graft.weights.WeightFormat;
import dev.graft.weights.WeightStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code graft verify}: a weight file against its manifest. */
@Command(
    name = "verify",
    description = {
      "Check a weight file against its manifest ('graft convert --manifest').",
      "The SHA-256 of its bytes, and name, dtype, shape and SHA-256 of every array; in another",
      "container only the arrays. Every deviation is listed."
    },
    exitCodeList = {
      "0:all as the manifest says",
      "1:deviations, which are listed, or a file cannot be read",
      "2:wrong usage"
    },
    footer = {
      "Examples:",
      "  graft verify vgg16.safetensors vgg16.safetensors.manifest.json",
      "  graft verify copy.npz vgg16.safetensors.manifest.json --arrays-only"
    })
final class VerifyCommand extends GraftCommand {
  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "A weight file, a folder of them or a checkpoint.")
  private Path file;

  @Parameters(index = "1", paramLabel = "MANIFEST", description = "Its manifest.")
  private Path manifestFile;

  @Option(names = "--arrays-only", description = "Do not compare the bytes of the file.")
  private boolean arraysOnly;

  @Override
  public Integer call() throws IOException {
    Manifest manifest = ManifestFile.read(manifestFile);
    Manifest.Container written = manifest.destination();
    Verification verification = new Verification();
    WeightFormat format = WeightFormat.of(file);
    boolean sameContainer = format.name().equals(written.format());
    int count;
    try (WeightStore store = format.open(file)) {
      if (sameContainer && !arraysOnly) {
        verification.files(
            written,
            Contents.container(file, format.name(), WeightFiles.of(file, store)),
            Files.isDirectory(file));
      }
      boolean nameless = format.name().equals("npy") || written.format().equals("npy");
      verification.arrays(manifest.arrays(), Contents.arrays(store), nameless);
      count = store.names().size();
    }
    List<String> deviations = verification.deviations();
    deviations.forEach(deviation -> out().println(Tables.oneLine(deviation)));
    if (!sameContainer) {
      out()
          .println(
              Tables.oneLine(
                  "the container is %s, not %s as in the manifest: only arrays were compared"
                      .formatted(format.name(), written.format())));
    }
    out()
        .println(
            deviations.isEmpty()
                ? "%s: %d %s as the manifest says"
                    .formatted(file, count, count == 1 ? "array is" : "arrays are")
                : "%s: %d %s"
                    .formatted(
                        file,
                        deviations.size(),
                        deviations.size() == 1 ? "deviation" : "deviations"));
    return deviations.isEmpty() ? Main.SUCCESS : Main.FAILURE;
  }
}
