package dev.graft.capi;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A {@code TF_Graph}. Safe for use by several threads. */
public final class Graph implements AutoCloseable {
  /** A new, empty graph. */
  public Graph() {}

  /** Starts an operation; the builder is spent after {@link OperationBuilder#finish()}. */
  public OperationBuilder op(String type, String name) {
    throw new UnsupportedOperationException();
  }

  /** The operation with this name, if the graph has one. */
  public Optional<Operation> operation(String name) {
    throw new UnsupportedOperationException();
  }

  /** All operations in the order in which they were added. */
  public List<Operation> operations() {
    throw new UnsupportedOperationException();
  }

  /**
   * Adds the operations that compute d(sum of ys)/dx for every x.
   *
   * @param prefix the name scope of the new operations, not used yet in this graph
   * @param dys the gradients to start from, one for each y, or null for ones
   * @return one output for each x, null where no path leads from a y to it
   */
  public Output[] gradients(String prefix, Output[] ys, Output[] dys, Output[] xs) {
    throw new UnsupportedOperationException();
  }

  /** Turns this graph into a function of the given inputs ({@code TF_GraphToFunction}). */
  public GraphFunction toFunction(
      String name, Output[] inputs, Output[] outputs, String[] outputNames) {
    throw new UnsupportedOperationException();
  }

  /** Adds a copy of a function ({@code TF_GraphCopyFunction}). */
  public void addFunction(GraphFunction function) {
    throw new UnsupportedOperationException();
  }

  /** The serialized {@code GraphDef}. */
  public byte[] toGraphDef() {
    throw new UnsupportedOperationException();
  }

  /**
   * Adds the nodes of a serialized {@code GraphDef}.
   *
   * @param prefix the scope to put the nodes in; empty for none
   * @param inputs replaces {@code name:index} inputs of the imported nodes by outputs of this graph
   */
  public void importGraphDef(byte[] graphDef, String prefix, Map<String, Output> inputs) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
