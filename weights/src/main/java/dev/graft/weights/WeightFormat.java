package dev.graft.weights;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A container format, found through {@link java.util.ServiceLoader}. */
public interface WeightFormat {
  /**
   * The format of a file or folder, recognised by its content.
   *
   * @throws MalformedWeightsException where no format knows it, with a guess at what it is
   * @throws java.io.UncheckedIOException where it cannot be read
   */
  static WeightFormat of(Path path) {
    return FormatRegistry.recognise(path);
  }

  /** The format's name as messages and {@code inspect} show it, such as {@code npz}. */
  String name();

  /**
   * Whether a file or folder is of this format.
   *
   * @param head the first bytes of the file, at most 4096; empty for a folder
   */
  boolean matches(Path path, ByteBuffer head);

  /**
   * Whether a path at which there is no file is what the names of a container's files begin with,
   * as TensorFlow's checkpoints are named.
   */
  default boolean matchesPrefix(Path path) {
    return false;
  }

  /** Opens it. */
  WeightStore open(Path path);
}
