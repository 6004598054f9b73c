package dev.graft.weights;

import java.nio.file.Path;
import java.util.List;

/**
 * Named arrays, most often those of one file. Opening reads names, dtypes and shapes; the bytes
 * stay in the mapped file until they are asked for. Safe for use by several threads.
 */
public interface WeightStore extends AutoCloseable {
  /**
   * Opens a weight container, recognised by its content.
   *
   * @throws MalformedWeightsException where the file is not what it says it is, or is cut short
   * @throws UnsafeWeightsException where it wants anything but data to be made
   * @throws java.io.UncheckedIOException where it cannot be read
   */
  static WeightStore open(Path path) {
    return WeightFormat.of(path).open(path);
  }

  /** What messages call it: the file's path, or a description. */
  String source();

  /** All names in the order of the file. */
  List<String> names();

  /** Whether there is an array of this name. */
  boolean contains(String name);

  /**
   * The array of this name.
   *
   * @throws java.util.NoSuchElementException where there is none
   */
  WeightArray get(String name);

  /** What the container holds besides arrays, in the order of the file. */
  default List<OtherEntry> others() {
    return List.of();
  }

  @Override
  void close();
}
