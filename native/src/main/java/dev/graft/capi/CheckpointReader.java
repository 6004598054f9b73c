package dev.graft.capi;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderGetTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderGetVariable;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderGetVariableDataType;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderGetVariableNumDims;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderGetVariableShape;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderSize;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteCheckpointReader;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewCheckpointReader;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.bytedeco.javacpp.BytePointer;
import org.tensorflow.internal.c_api.TF_CheckpointReader;
import org.tensorflow.internal.c_api.TF_Tensor;

/** Lists and reads the tensors of a TensorFlow checkpoint. One thread at a time reads. */
public final class CheckpointReader implements AutoCloseable {
  static {
    NativeLibrary.load();
  }

  private final String prefix;
  private final TF_CheckpointReader pointer;
  private final Set<String> names;
  private final Lifetime lifetime = new Lifetime("the checkpoint is closed", this::free);

  /**
   * Opens a checkpoint.
   *
   * @param prefix what its files have in common, such as {@code folder/variables}
   * @throws TensorFlowException if it is not there or damaged
   */
  public CheckpointReader(String prefix) {
    this.prefix = prefix;
    try (Status status = new Status();
        BytePointer utf8 = new BytePointer(prefix, StandardCharsets.UTF_8)) {
      pointer = TF_NewCheckpointReader(utf8, status.pointer());
      status.check(() -> "opening the checkpoint " + prefix);
    }
    names = new LinkedHashSet<>(readNames());
  }

  private List<String> readNames() {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < TF_CheckpointReaderSize(pointer); i++) {
      found.add(TF_CheckpointReaderGetVariable(pointer, i).getString(StandardCharsets.UTF_8));
    }
    return found;
  }

  /** The names of all tensors. */
  public List<String> names() {
    lifetime.check();
    return List.copyOf(names);
  }

  /**
   * The element type of a tensor.
   *
   * @throws NoSuchElementException if there is none of this name
   */
  public DataType dataType(String name) {
    return DataType.of(dataTypeCode(name));
  }

  /**
   * The element type of a tensor as {@code TF_DataType} has it, quantized types included.
   *
   * @throws NoSuchElementException if there is none of this name
   */
  public int dataTypeCode(String name) {
    lifetime.begin();
    try (BytePointer utf8 = requireName(name)) {
      return TF_CheckpointReaderGetVariableDataType(pointer, utf8);
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
    try (Status status = new Status();
        BytePointer utf8 = requireName(name)) {
      long[] dims = new long[TF_CheckpointReaderGetVariableNumDims(pointer, utf8)];
      TF_CheckpointReaderGetVariableShape(pointer, utf8, dims, dims.length, status.pointer());
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
    try (Status status = new Status();
        BytePointer utf8 = requireName(name)) {
      TF_Tensor tensor = TF_CheckpointReaderGetTensor(pointer, utf8, status.pointer());
      status.check(() -> "reading " + name + " in " + prefix);
      return Tensor.of(tensor);
    } finally {
      lifetime.end();
    }
  }

  /**
   * The name for native functions: JavaCPP's own conversion depends on the platform's charset. They
   * end the process at a name that is not listed, even one that {@code
   * TF_CheckpointReaderHasTensor} knows, such as the empty one.
   */
  private BytePointer requireName(String name) {
    if (!names.contains(name)) {
      throw new NoSuchElementException("the checkpoint " + prefix + " has no tensor " + name);
    }
    return new BytePointer(name, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    lifetime.close();
  }

  private void free() {
    TF_DeleteCheckpointReader(pointer);
  }
}
