package dev.graft.graph;

import dev.graft.capi.CheckpointReader;
import dev.graft.capi.Tensor;
import dev.graft.weights.DType;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.StoredArray;
import java.nio.ByteBuffer;
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
    CheckpointReader reader =
        new CheckpointReader(checkpoint.resolve(Checkpoint.PREFIX).toString());
    onClose.add(reader::close);
    for (String name : reader.names()) {
      if (name.endsWith("/kernel") || name.endsWith("/bias")) {
        VariableArray array = new VariableArray(reader, name);
        onClose.add(array::close);
        arrays.put(name, array);
      }
    }
  }

  private void close() {
    onClose.forEach(Runnable::run);
  }

  /** A variable in the checkpoint, read when its values are first wanted. */
  private static final class VariableArray implements WeightArray, AutoCloseable {
    private final CheckpointReader reader;
    private final String name;
    private final DType dtype;
    private final Shape shape;
    private Tensor tensor;

    VariableArray(CheckpointReader reader, String name) {
      this.reader = reader;
      this.name = name;
      this.dtype = TensorArray.dtype(reader.dataType(name));
      this.shape = Shape.of(reader.shape(name));
    }

    private synchronized TensorArray values() {
      if (tensor == null) {
        tensor = reader.read(name);
      }
      return new TensorArray(tensor);
    }

    @Override
    public DType dtype() {
      return dtype;
    }

    @Override
    public Shape shape() {
      return shape;
    }

    @Override
    public void read(long offset, ByteBuffer dst) {
      values().read(offset, dst);
    }

    @Override
    public synchronized void close() {
      if (tensor != null) {
        tensor.close();
      }
    }
  }
}
