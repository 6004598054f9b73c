package dev.graft.graph;

import dev.graft.capi.Output;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gradients through TensorFlow's operations and Graft's own, which TensorFlow has no gradients for.
 *
 * <p>It goes through the own operations from the last to the first. What lies between them is
 * TensorFlow's: from the loss, or from an own operation's input, back to the anchors before it,
 * which are the ends for {@code TF_AddGradients}. What does not depend on a variable gets no
 * operations.
 */
final class Backward {
  private final Ops ops;
  private final GraphKernels graph;
  private final Dependence dependence;

  /** By output of an own operation, or by what is read of a variable: what adds up to it. */
  private final Map<Output, List<Output>> contributions = new HashMap<>();

  private final Set<Output> ends = new HashSet<>();

  private Backward(Ops ops, Output[] xs) {
    this.ops = ops;
    this.graph = ops.kernels();
    this.dependence = new Dependence(graph, Set.of(xs));
    ends.addAll(List.of(xs));
    graph.operations().forEach(operation -> ends.add(operation.output()));
  }

  /**
   * Adds the operations that compute the gradients of variables.
   *
   * @param prefix the name scope of the new operations, not used yet in this graph
   * @param y where back-propagation starts
   * @param dy the gradient of y
   * @param xs what is read of the variables
   * @return one output for each x, null where y does not depend on it
   */
  static Output[] gradients(Ops ops, String prefix, Output y, Output dy, Output[] xs) {
    if (!ops.kernels().areOwn()) {
      return ops.graph().gradients(prefix, new Output[] {y}, new Output[] {dy}, xs);
    }
    Backward backward = new Backward(ops.withScope(prefix), xs);
    backward.give(y, dy);
    backward.throughOwnOperations();
    Output[] result = new Output[xs.length];
    for (int i = 0; i < xs.length; i++) {
      result[i] = backward.total(xs[i]);
    }
    return result;
  }

  private void throughOwnOperations() {
    List<OwnOperation> operations = graph.operations();
    for (int i = operations.size() - 1; i >= 0; i--) {
      OwnOperation operation = operations.get(i);
      Output gradient = total(operation.output());
      if (gradient == null) {
        continue;
      }
      List<Output> inputs = operation.inputs();
      boolean[] wanted = new boolean[inputs.size()];
      for (int k = 0; k < wanted.length; k++) {
        wanted[k] = dependence.of(inputs.get(k));
      }
      Ops in = ops.withScope(operation.output().operation().name());
      Output[] gradients = operation.gradients(in, gradient, wanted);
      for (int k = 0; k < wanted.length; k++) {
        if (wanted[k]) {
          give(inputs.get(k), gradients[k]);
        }
      }
    }
  }

  /** Adds a gradient of an output, or of what it is computed from by TensorFlow's operations. */
  private void give(Output output, Output gradient) {
    Output end = graph.behind(output);
    if (ends.contains(end)) {
      contributions.computeIfAbsent(end, key -> new ArrayList<>()).add(gradient);
      return;
    }
    Output[] sources =
        dependence.sources(output).stream().filter(dependence::of).toArray(Output[]::new);
    Output[] gradients =
        ops.graph()
            .gradients(
                ops.uniqueName("stock"), new Output[] {output}, new Output[] {gradient}, sources);
    for (int i = 0; i < sources.length; i++) {
      if (gradients[i] != null) {
        give(sources[i], gradients[i]);
      }
    }
  }

  /** The sum of what was given to an output, or null. */
  private Output total(Output output) {
    List<Output> parts = contributions.get(output);
    if (parts == null) {
      return null;
    }
    return parts.size() == 1 ? parts.get(0) : ops.addN("sum", parts);
  }
}
