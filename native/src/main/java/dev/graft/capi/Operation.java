package dev.graft.capi;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationAllInputs;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationNumInputs;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationNumOutputs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.javacpp.BytePointer;
import org.tensorflow.internal.c_api.TF_Operation;
import org.tensorflow.internal.c_api.TF_Output;
import org.tensorflow.internal.c_api.global.tensorflow;

/**
 * A node of a {@link Graph}, valid as long as its graph is open. Two are equal if they stand for
 * the same node.
 */
public final class Operation {
  private final Graph graph;
  private final TF_Operation pointer;
  private final int outputCount;

  /** The graph is in use by the caller. */
  Operation(Graph graph, TF_Operation pointer) {
    this.graph = graph;
    this.pointer = pointer;
    this.outputCount = TF_OperationNumOutputs(pointer);
  }

  /** The graph that it is part of. */
  public Graph graph() {
    return graph;
  }

  /** The unique name in its graph. */
  public String name() {
    return text(tensorflow::TF_OperationName);
  }

  /** The op type, such as {@code Conv2D}. */
  public String type() {
    return text(tensorflow::TF_OperationOpType);
  }

  /** How many outputs it has. */
  public int outputCount() {
    return outputCount;
  }

  /**
   * Its output with this index.
   *
   * @throws IllegalArgumentException if it has none with this index
   */
  public Output output(int index) {
    return new Output(this, index);
  }

  /** Its first output. */
  public Output output() {
    return output(0);
  }

  /** What it takes, in order; control inputs are not among them. */
  public List<Output> inputs() {
    graph.lifetime().begin();
    int count = TF_OperationNumInputs(pointer);
    try (TF_Output outputs = OutputArray.empty(count)) {
      TF_OperationAllInputs(pointer, outputs, count);
      List<Output> inputs = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        TF_Output output = outputs.position(i);
        inputs.add(new Operation(graph, output.oper()).output(output.index()));
      }
      return inputs;
    } finally {
      graph.lifetime().end();
    }
  }

  /** The native operation, for use with this graph, which the caller keeps in use. */
  TF_Operation pointerIn(Graph user) {
    if (graph != user) {
      throw new IllegalArgumentException("operation " + this + " is part of another graph");
    }
    return pointer;
  }

  private String text(Function<TF_Operation, BytePointer> get) {
    graph.lifetime().begin();
    try {
      return get.apply(pointer).getString(StandardCharsets.UTF_8);
    } finally {
      graph.lifetime().end();
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Operation that
        && that.graph == graph
        && that.pointer.address() == pointer.address();
  }

  @Override
  public int hashCode() {
    return Long.hashCode(pointer.address());
  }

  /** Name and type; also of an operation whose graph is closed. */
  @Override
  public String toString() {
    try {
      return name() + " (" + type() + ")";
    } catch (IllegalStateException e) {
      return "of a closed graph";
    }
  }
}
