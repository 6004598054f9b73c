package dev.graft.graph;

import dev.graft.weights.WeightFormat;
import dev.graft.weights.WeightStore;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Run folders and their checkpoints as weight sources. A run gives its best checkpoint, or its last
 * one where none was validated, together with the frozen parameters; a checkpoint's folder in a run
 * gives that one.
 */
public final class RunFormat implements WeightFormat {
  @Override
  public String name() {
    return "run";
  }

  @Override
  public boolean matches(Path path, ByteBuffer head) {
    return Files.isDirectory(path) && (RunFolder.isRun(path) || RunFolder.isCheckpoint(path));
  }

  @Override
  public WeightStore open(Path path) {
    return RunStore.open(path);
  }
}
