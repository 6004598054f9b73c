package dev.graft.capi;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteGraph;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphCopyFunction;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphNextOperation;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphOperationByName;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphToFunction;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphToGraphDef;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewGraph;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.SizeTPointer;
import org.tensorflow.internal.c_api.TF_Function;
import org.tensorflow.internal.c_api.TF_FunctionOptions;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_Operation;

/**
 * A {@code TF_Graph}. Safe for use by several threads. Its native graph is freed when it and its
 * sessions are closed.
 */
public final class Graph implements AutoCloseable {
  static {
    NativeLibrary.load();
  }

  private final TF_Graph pointer = TF_NewGraph();
  private final Lifetime lifetime = new Lifetime("the graph is closed", this::free);

  /** A new, empty graph. */
  public Graph() {}

  /** Starts an operation; the builder is spent after {@link OperationBuilder#finish()}. */
  public OperationBuilder op(String type, String name) {
    lifetime.check();
    return new OperationBuilder(this, type, name);
  }

  /** The operation with this name, if the graph has one. */
  public Optional<Operation> operation(String name) {
    Objects.requireNonNull(name, "name");
    lifetime.begin();
    try {
      return Optional.ofNullable(TF_GraphOperationByName(pointer, name))
          .map(found -> new Operation(this, found));
    } finally {
      lifetime.end();
    }
  }

  /** All operations in the order in which they were added. */
  public List<Operation> operations() {
    lifetime.begin();
    try (SizeTPointer position = new SizeTPointer(1)) {
      position.put(0);
      List<Operation> operations = new ArrayList<>();
      TF_Operation next = TF_GraphNextOperation(pointer, position);
      while (next != null) {
        operations.add(new Operation(this, next));
        next = TF_GraphNextOperation(pointer, position);
      }
      return operations;
    } finally {
      lifetime.end();
    }
  }

  /**
   * Adds the operations that compute d(sum of ys)/dx for every x.
   *
   * @param prefix the name scope of the new operations, not used yet in this graph
   * @param dys the gradients to start from, one for each y, or null for ones
   * @return one output for each x, null where no path leads from a y to it
   */
  public Output[] gradients(String prefix, Output[] ys, Output[] dys, Output[] xs) {
    if (prefix.isEmpty()) {
      throw new IllegalArgumentException("the prefix of the gradients' operations is empty");
    }
    if (dys != null && dys.length != ys.length) {
      throw new IllegalArgumentException(dys.length + " gradients for " + ys.length + " outputs");
    }
    lifetime.begin();
    try {
      return Gradients.add(this, prefix, List.of(ys), dys == null ? null : List.of(dys), xs);
    } finally {
      lifetime.end();
    }
  }

  /**
   * Turns this graph into a function of the given inputs ({@code TF_GraphToFunction}).
   *
   * @param outputNames the names of the outputs, or null for names that TensorFlow chooses
   */
  @SuppressWarnings("try") // the scope frees what is allocated in it
  public GraphFunction toFunction(
      String name, Output[] inputs, Output[] outputs, String[] outputNames) {
    if (outputNames != null && outputNames.length != outputs.length) {
      throw new IllegalArgumentException(
          outputNames.length + " names for " + outputs.length + " outputs");
    }
    lifetime.begin();
    try (PointerScope scope = new PointerScope();
        Status status = new Status()) {
      TF_Function function =
          TF_GraphToFunction(
              pointer,
              utf8(name),
              (byte) 0,
              -1, // every operation of the graph
              (PointerPointer<?>) null,
              inputs.length,
              OutputArray.of(this, List.of(inputs)),
              outputs.length,
              OutputArray.of(this, List.of(outputs)),
              outputNames == null ? null : utf8(outputNames),
              (TF_FunctionOptions) null,
              (BytePointer) null,
              status.pointer());
      status.check(() -> "function '" + name + "'");
      return new GraphFunction(function);
    } finally {
      lifetime.end();
    }
  }

  /** Adds a copy of a function ({@code TF_GraphCopyFunction}). */
  public void addFunction(GraphFunction function) {
    lifetime.begin();
    try (Status status = new Status()) {
      function.lifetime().begin();
      try {
        TF_GraphCopyFunction(pointer, function.pointer(), null, status.pointer());
        status.check(() -> "adding function '" + function.name() + "'");
      } finally {
        function.lifetime().end();
      }
    } finally {
      lifetime.end();
    }
  }

  /** The serialized {@code GraphDef}. */
  public byte[] toGraphDef() {
    lifetime.begin();
    try (Status status = new Status();
        NativeBuffer buffer = NativeBuffer.empty()) {
      TF_GraphToGraphDef(pointer, buffer.pointer(), status.pointer());
      status.check(() -> "serializing a graph");
      return buffer.toBytes();
    } finally {
      lifetime.end();
    }
  }

  /**
   * Adds the nodes of a serialized {@code GraphDef}.
   *
   * @param prefix the scope to put the nodes in; empty for none
   * @param inputs replaces {@code name:index} inputs of the imported nodes by outputs of this graph
   * @throws IllegalArgumentException if no imported node has one of these inputs; the nodes are in
   *     the graph nonetheless
   */
  public void importGraphDef(byte[] graphDef, String prefix, Map<String, Output> inputs) {
    lifetime.begin();
    try {
      GraphImport.run(this, graphDef, prefix, inputs);
    } finally {
      lifetime.end();
    }
  }

  /** Does nothing to sessions that are open. */
  @Override
  public void close() {
    lifetime.close();
  }

  TF_Graph pointer() {
    return pointer;
  }

  Lifetime lifetime() {
    return lifetime;
  }

  private void free() {
    TF_DeleteGraph(pointer);
  }

  private static BytePointer utf8(String text) {
    return new BytePointer(text, StandardCharsets.UTF_8);
  }

  private static PointerPointer<Pointer> utf8(String[] texts) {
    Pointer[] pointers = new Pointer[texts.length];
    for (int i = 0; i < texts.length; i++) {
      pointers[i] = utf8(texts[i]);
    }
    return new PointerPointer<>(pointers);
  }
}
