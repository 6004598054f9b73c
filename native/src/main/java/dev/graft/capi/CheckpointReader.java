package dev.graft.capi;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderGetTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderGetVariable;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderGetVariableDataType;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderGetVariableNumDims;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderGetVariableShape;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderHasTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderSize;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteCheckpointReader;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewCheckpointReader;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.tensorflow.internal.c_api.TF_CheckpointReader;
import org.tensorflow.internal.c_api.TF_Tensor;

/** Lists and reads the tensors of a TensorFlow checkpoint. One thread at a time reads. */
public final class CheckpointReader implements AutoCloseable {
  static {
    NativeLibrary.load();
  }

  private final String prefix;
  private final TF_CheckpointReader pointer;
  private final Lifetime lifetime = new Lifetime("the checkpoint is closed", this::free);

  /**
   * Opens a checkpoint.
   *
   * @param prefix what its files have in common, such as {@code folder/variables}
   * @throws TensorFlowException if it is not there or damaged
   */
  public CheckpointReader(String prefix) {
    this.prefix = prefix;
    try (Status status = new Status()) {
      pointer = TF_NewCheckpointReader(prefix, status.pointer());
      status.check(() -> "opening the checkpoint " + prefix);
    }
  }

  /** The names of all tensors. */
  public List<String> names() {
    lifetime.begin();
    try {
      List<String> names = new ArrayList<>();
      for (int i = 0; i < TF_CheckpointReaderSize(pointer); i++) {
        names.add(TF_CheckpointReaderGetVariable(pointer, i).getString(StandardCharsets.UTF_8));
      }
      return names;
    } finally {
      lifetime.end();
    }
  }

  /**
   * The element type of a tensor.
   *
   * @throws NoSuchElementException if there is none of this name
   */
  public DataType dataType(String name) {
    lifetime.begin();
    try {
      requireName(name);
      return DataType.of(TF_CheckpointReaderGetVariableDataType(pointer, name));
    } finally {
      lifetime.end();
    }
  }

  /**
   * The shape of a tensor.
   *
   * @throws NoSuchElementException if there is none of this name
   */
  public long[] shape(String name) {
    lifetime.begin();
    // A fresh status for each call: the reader's functions set it only when they fail.
    try (Status status = new Status()) {
      requireName(name);
      long[] dims = new long[TF_CheckpointReaderGetVariableNumDims(pointer, name)];
      TF_CheckpointReaderGetVariableShape(pointer, name, dims, dims.length, status.pointer());
      status.check(() -> "reading the shape of " + name + " in " + prefix);
      return dims;
    } finally {
      lifetime.end();
    }
  }

  /**
   * Reads a tensor, which the caller closes.
   *
   * @throws NoSuchElementException if there is none of this name
   * @throws TensorFlowException if its data is damaged
   */
  public synchronized Tensor read(String name) {
    lifetime.begin();
    try (Status status = new Status()) {
      requireName(name);
      TF_Tensor tensor = TF_CheckpointReaderGetTensor(pointer, name, status.pointer());
      status.check(() -> "reading " + name + " in " + prefix);
      return Tensor.of(tensor);
    } finally {
      lifetime.end();
    }
  }

  private void requireName(String name) {
    if (TF_CheckpointReaderHasTensor(pointer, name) == 0) {
      throw new NoSuchElementException("the checkpoint " + prefix + " has no tensor " + name);
    }
  }

  @Override
  public void close() {
    lifetime.close();
  }

  private void free() {
    TF_DeleteCheckpointReader(pointer);
  }
}
