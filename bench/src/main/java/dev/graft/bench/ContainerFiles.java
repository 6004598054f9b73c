package dev.graft.bench;

import dev.graft.weights.ContainerWriter;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightWriter;
import java.nio.file.Path;

/** The benchmarks' VGG16 in every container that is written. */
final class ContainerFiles {
  private ContainerFiles() {}

  /** Writes it beside the dictionary npy, which is returned where that container is meant. */
  static Path of(String container, NetSize size) {
    Path dictionary = SyntheticWeights.classifierFile(size);
    if (container.equals("npy")) {
      return dictionary;
    }
    Path file = beside(dictionary, container);
    write(dictionary, container, file);
    return file;
  }

  /** The name, in the folder of a file, of what this container makes of it. */
  static Path beside(Path file, String container) {
    ContainerWriter writer = WeightWriter.container(container);
    String extension = writer.extensions().isEmpty() ? "" : writer.extensions().get(0);
    return file.resolveSibling(file.getFileName() + "-" + container + extension);
  }

  /** Converts a file; the destination's bytes are on the disk when it returns. */
  static void write(Path source, String container, Path destination) {
    try (WeightStore store = WeightStore.open(source)) {
      WeightWriter.container(container).write(destination, store, bytes -> {});
    }
  }
}
