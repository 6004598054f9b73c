package dev.graft.containers;

import dev.graft.weights.ContainerWriter;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStores;
import dev.graft.weights.WeightWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What fuzzing begins with: small containers of every format that is there. */
final class FuzzSeeds {
  /** Larger inputs make fuzzing slow without reaching more of a reader. */
  static final int MAX_BYTES = 20_000;

  private FuzzSeeds() {}

  /**
   * Writes them into a folder: the test resources, hostile ones too, and a few arrays in every
   * container that is written.
   */
  static List<Path> writeTo(Path folder, Path scratch) throws IOException {
    List<Path> sources = new ArrayList<>(Resources.wholeContainers());
    sources.addAll(Resources.files(Resources.folder("hostile")));
    for (ContainerWriter writer : WeightWriter.containers()) {
      sources.addAll(written(writer, Files.createDirectory(scratch.resolve(writer.name()))));
    }
    List<Path> seeds = new ArrayList<>();
    for (Path source : sources) {
      if (Files.size(source) <= MAX_BYTES) {
        String name = String.format("seed%03d", seeds.size());
        seeds.add(Files.copy(source, folder.resolve(name)));
      }
    }
    return seeds;
  }

  private static List<Path> written(ContainerWriter writer, Path folder) throws IOException {
    Map<String, WeightArray> arrays = Samples.ofEachDtype(writer, folder);
    String extension = Samples.extension(writer);
    writer.write(folder.resolve("all" + extension), WeightStores.of(arrays, "seed"), bytes -> {});
    return Resources.files(folder);
  }
}
