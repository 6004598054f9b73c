package dev.graft.weights;

import dev.graft.weights.io.MappedFile;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A format whose container is one file, which may be a part of another: its first bytes alone say
 * whether it matches.
 */
public interface FileFormat extends WeightFormat {
  /** The format of a mapped file, recognised by its content; empty where none knows it. */
  static Optional<FileFormat> of(MappedFile file) {
    return FormatRegistry.recognise(file);
  }

  /** Opens a mapped file, which the store closes. */
  WeightStore open(MappedFile file);

  @Override
  default WeightStore open(Path path) {
    return open(MappedFile.open(path));
  }
}
