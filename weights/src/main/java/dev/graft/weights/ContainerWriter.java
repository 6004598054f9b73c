package dev.graft.weights;

import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;

/** Writes one kind of container, found through {@link java.util.ServiceLoader}. */
public interface ContainerWriter {
  /** Its name, as {@code --format} takes it, such as {@code npz}. */
  String name();

  /** A few words for lists of containers. */
  String description();

  /**
   * The extensions, in lower case and with their dot, that choose this container where none is
   * named; empty where it has to be named.
   */
  List<String> extensions();

  /**
   * Whether the container is a folder, which is chosen by a name without an extension, or by a
   * folder that is there already.
   */
  default boolean writesFolder() {
    return false;
  }

  /**
   * Writes all arrays of a store, streaming them: the old content of the destination stays until
   * the new one is whole. The same arrays under the same names in the same order make the same
   * bytes.
   *
   * @param progress told now and then how many bytes of arrays have been written so far
   * @throws WeightsException for names or dtypes that the container cannot hold
   * @throws java.io.UncheckedIOException where it cannot be written
   */
  void write(Path destination, WeightStore store, LongConsumer progress);
}
