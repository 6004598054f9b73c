package dev.graft.capi;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphGetTensorNumDims;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphGetTensorShape;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphSetTensorShape;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationOutputType;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.internal.c_api.TF_Output;

/** One output of an operation. */
public record Output(Operation operation, int index) {
  /** References to a type have its code plus this. */
  private static final int REFERENCE = 100;

  /**
   * An output of an operation.
   *
   * @throws IllegalArgumentException if the operation has no output with this index
   */
  public Output {
    if (index < 0 || index >= operation.outputCount()) {
      throw new IllegalArgumentException(
          "operation " + operation + " has " + operation.outputCount() + " outputs, not " + index);
    }
  }

  /** The element type. */
  @SuppressWarnings("try") // the scope frees what is allocated in it
  public DataType dataType() {
    Graph graph = operation.graph();
    graph.lifetime().begin();
    try (PointerScope scope = new PointerScope()) {
      int code = TF_OperationOutputType(OutputArray.of(graph, List.of(this)));
      return DataType.of(code > REFERENCE ? code - REFERENCE : code);
    } finally {
      graph.lifetime().end();
    }
  }

  /** The static shape; -1 for a dimension that is not known; null where the rank is not known. */
  @SuppressWarnings("try") // the scope frees what is allocated in it
  public long[] shape() {
    Graph graph = operation.graph();
    graph.lifetime().begin();
    try (PointerScope scope = new PointerScope();
        Status status = new Status()) {
      TF_Output output = OutputArray.of(graph, List.of(this));
      int rank = TF_GraphGetTensorNumDims(graph.pointer(), output, status.pointer());
      status.check(() -> "shape of " + name());
      if (rank < 0) {
        return null;
      }
      long[] shape = new long[rank];
      TF_GraphGetTensorShape(graph.pointer(), output, shape, rank, status.pointer());
      status.check(() -> "shape of " + name());
      return shape;
    } finally {
      graph.lifetime().end();
    }
  }

  /**
   * Tells the graph a shape that it cannot find out itself.
   *
   * @param shape -1 for a dimension that is not known
   * @return this
   * @throws TensorFlowException where it contradicts what is known
   */
  @SuppressWarnings("try") // the scope frees what is allocated in it
  public Output withShape(long... shape) {
    Graph graph = operation.graph();
    graph.lifetime().begin();
    try (PointerScope scope = new PointerScope();
        Status status = new Status()) {
      TF_GraphSetTensorShape(
          graph.pointer(),
          OutputArray.of(graph, List.of(this)),
          shape,
          shape.length,
          status.pointer());
      status.check(() -> "shape of " + name());
      return this;
    } finally {
      graph.lifetime().end();
    }
  }

  /** {@code name:index}, as TensorFlow writes it. */
  public String name() {
    return operation.name() + ":" + index;
  }
}
