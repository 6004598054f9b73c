package dev.graft.weights;

import dev.graft.weights.io.MappedFile;
import java.nio.file.Path;

/** A format whose container is one file, which may be a part of another. */
public interface FileFormat extends WeightFormat {
  /** Opens a mapped file, which the store closes. */
  WeightStore open(MappedFile file);

  @Override
  default WeightStore open(Path path) {
    return open(MappedFile.open(path));
  }
}
