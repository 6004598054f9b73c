package dev.graft.graph;

import dev.graft.graph.checkpoint.CheckpointFormat;
import dev.graft.weights.DType;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.StoredArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parameters of a run: variables from a checkpoint, frozen ones from their files. */
final class RunStore {
  private final Map<String, WeightArray> arrays = new LinkedHashMap<>();
  private final List<Runnable> onClose = new ArrayList<>();

  private RunStore() {}

  static WeightStore open(Path path) {
    if (RunFolder.isRun(path)) {
      RunFolder run = new RunFolder(path);
      Path checkpoint =
          run.best()
              .or(run::last)
              .orElseThrow(
                  () -> new MalformedWeightsException(path + ": the run has no checkpoint yet"));
      return open(run, checkpoint);
    }
    Path run = path.toAbsolutePath().getParent().getParent();
    return open(new RunFolder(run), path);
  }

  private static WeightStore open(RunFolder run, Path checkpoint) {
    RunStore store = new RunStore();
    try {
      run.frozen().values().forEach(store::addConstant);
      store.addVariables(checkpoint);
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
    return WeightStores.of(store.arrays, checkpoint.toString(), store::close);
  }

  private void addConstant(Constant constant) {
    MappedFile file = MappedFile.open(constant.file());
    onClose.add(file::close);
    arrays.put(
        constant.name(), new StoredArray(file, 0, DType.FLOAT32, constant.shape(), false, false));
  }

  private void addVariables(Path checkpoint) {
    WeightStore variables = new CheckpointFormat().open(checkpoint.resolve(Checkpoint.PREFIX));
    onClose.add(variables::close);
    for (String name : variables.names()) {
      if (name.endsWith("/kernel") || name.endsWith("/bias")) {
        arrays.put(name, variables.get(name));
      }
    }
  }

  private void close() {
    onClose.forEach(Runnable::run);
  }
}
