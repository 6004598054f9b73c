package dev.graft.weights.folder;

import dev.graft.weights.ContainerWriter;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.UnsafeWeightsException;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightsException;
import dev.graft.weights.io.Printable;
import dev.graft.weights.npy.NpyWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Writes a folder of .npy files, byte for byte those that numpy would write. A folder that is there
 * already is replaced as a whole, and only where it is empty or one of .npy files itself.
 */
public final class NpyFolderWriter implements ContainerWriter {
  /** What file systems allow a name. */
  private static final int MAX_NAME_BYTES = 255;

  @Override
  public String name() {
    return "npy-folder";
  }

  @Override
  public String description() {
    return "folder of .npy files";
  }

  @Override
  public List<String> extensions() {
    return List.of();
  }

  @Override
  public boolean writesFolder() {
    return true;
  }

  @Override
  public void write(Path destination, WeightStore store, LongConsumer progress) {
    Map<String, List<String>> paths = paths(store, destination);
    checkReplaceable(destination);
    try (FolderOutput out = new FolderOutput(destination, progress)) {
      paths.forEach((name, components) -> out.write(components, store.get(name)));
      out.commit();
    }
  }

  private static Map<String, List<String>> paths(WeightStore store, Path destination) {
    int count = store.names().size();
    if (count == 0 || count > FolderListing.MAX_FILES) {
      throw new WeightsException(
          String.format(
              "%s: %d arrays, a folder of .npy files has 1 to %d",
              destination, count, FolderListing.MAX_FILES));
    }
    Map<String, List<String>> paths = new LinkedHashMap<>();
    for (String name : store.names()) {
      NpyWriter.requireNumpyType(store.get(name).dtype(), name, destination.toString());
      paths.put(name, path(name, destination));
    }
    return paths;
  }

  private static List<String> path(String name, Path destination) {
    String array = destination + ": array " + Printable.of(name) + " cannot be written: ";
    List<String> components =
        ArrayPath.encode(name)
            .orElseThrow(() -> new WeightsException(array + "its name has half a surrogate pair"));
    if (components.size() > FolderListing.MAX_DEPTH) {
      throw new WeightsException(
          array
              + "its name has "
              + components.size()
              + " parts, at most "
              + FolderListing.MAX_DEPTH
              + " become folders");
    }
    for (String component : components) {
      if (component.length() > MAX_NAME_BYTES) {
        throw new WeightsException(
            array
                + "a file name of "
                + component.length()
                + " bytes would be needed, "
                + MAX_NAME_BYTES
                + " are allowed");
      }
    }
    return components;
  }

  private static void checkReplaceable(Path destination) {
    if (!Files.exists(destination, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    String refusal = destination + ": is not replaced: ";
    if (!Files.isDirectory(destination, LinkOption.NOFOLLOW_LINKS)) {
      throw new WeightsException(refusal + "it is no folder");
    }
    try (Stream<Path> children = Files.list(destination)) {
      if (children.findAny().isEmpty()) {
        return;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(refusal + "it cannot be read: " + e.getMessage(), e);
    }
    try {
      if (!FolderListing.of(destination, true).isEmpty()) {
        return;
      }
    } catch (MalformedWeightsException | UnsafeWeightsException e) {
      throw new WeightsException(refusal + "it holds more than .npy files: " + e.getMessage(), e);
    }
    throw new WeightsException(refusal + "it holds no .npy files");
  }
}
