package dev.graft.weights;

import dev.graft.weights.io.Printable;
import dev.graft.weights.npy.NpyWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * Writes weight containers: little-endian, in C order, the same bytes for the same weights. A file,
 * or folder, is written under a temporary name beside its destination, brought to the disk and
 * renamed, so that there is the old file or the whole new one; after a failure the temporary file
 * is removed. Arrays are streamed: the heap needed does not grow with them.
 */
public final class WeightWriter {
  private WeightWriter() {}

  /**
   * Writes all arrays in the container of {@link #container(Path)}.
   *
   * @throws WeightsException for an extension that no container has, or names or dtypes that the
   *     container cannot hold
   * @throws java.io.UncheckedIOException where the file cannot be written
   */
  public static void write(Path destination, WeightStore store) {
    write(destination, store, bytes -> {});
  }

  /**
   * Writes all arrays, as {@link #write(Path, WeightStore)} does.
   *
   * @param progress told now and then how many bytes of arrays have been written so far, of {@link
   *     #totalBytes}
   */
  public static void write(Path destination, WeightStore store, LongConsumer progress) {
    requireFileName(destination);
    container(destination).write(destination, store, progress);
  }

  /** The containers that are written. */
  public static List<ContainerWriter> containers() {
    // This class's loader, not the thread's: embedders run on threads with any context loader.
    return ServiceLoader.load(ContainerWriter.class, ContainerWriter.class.getClassLoader())
        .stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }

  /**
   * The container of this name.
   *
   * @throws WeightsException where there is none
   */
  public static ContainerWriter container(String name) {
    return containers().stream()
        .filter(container -> container.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new WeightsException(
                    "no container is called "
                        + Printable.of(name)
                        + "; written are "
                        + containers().stream()
                            .map(ContainerWriter::name)
                            .collect(Collectors.joining(", "))));
  }

  /**
   * The container that the destination's extension names, the longest that fits; a folder for a
   * name without a dot, or for a folder that is there already.
   *
   * @throws WeightsException where there is none
   */
  public static ContainerWriter container(Path destination) {
    String name = destination.getFileName().toString().toLowerCase(Locale.ROOT);
    ContainerWriter best = null;
    int length = 0;
    for (ContainerWriter container : containers()) {
      for (String extension : container.extensions()) {
        if (name.endsWith(extension) && extension.length() > length) {
          best = container;
          length = extension.length();
        }
      }
    }
    if (best != null) {
      return best;
    }
    boolean folder = name.indexOf('.') < 0 || Files.isDirectory(destination);
    return containers().stream()
        .filter(container -> folder && container.writesFolder())
        .findFirst()
        .orElseThrow(
            () ->
                new WeightsException(
                    destination
                        + ": no container has this extension; written are "
                        + containers().stream()
                            .flatMap(container -> container.extensions().stream())
                            .collect(Collectors.joining(", "))
                        + ", and a folder of .npy files for a name without an extension"));
  }

  /**
   * Writes one array as a plain .npy file, whatever the destination's extension.
   *
   * @param progress told now and then how many of its bytes have been written so far
   * @throws WeightsException for a dtype that numpy does not have
   * @throws java.io.UncheckedIOException where the file cannot be written
   */
  public static void writePlain(Path destination, WeightArray array, LongConsumer progress) {
    requireFileName(destination);
    NpyWriter.write(destination, array, progress);
  }

  /** Bytes of all arrays of a store. */
  public static long totalBytes(WeightStore store) {
    return store.names().stream().mapToLong(name -> store.get(name).byteSize()).sum();
  }

  private static void requireFileName(Path destination) {
    if (destination.getFileName() == null) {
      throw new WeightsException(destination + ": is no file name");
    }
  }
}
