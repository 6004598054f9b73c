package dev.graft.graph;

import dev.graft.capi.Operation;
import dev.graft.capi.Output;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Which outputs of a graph depend on variables, through TensorFlow's operations and own ones. */
final class Dependence {
  private final GraphKernels graph;
  private final Set<Output> variables;
  private final Map<Output, Boolean> known = new HashMap<>();

  /**
   * On these variables.
   *
   * @param variables what is read of them
   */
  Dependence(GraphKernels graph, Set<Output> variables) {
    this.graph = graph;
    this.variables = variables;
  }

  /** Whether an output depends on any of the variables. A graph only grows: the answer stays. */
  boolean of(Output output) {
    Output value = graph.behind(output);
    Boolean answer = known.get(value);
    if (answer == null) {
      answer = variables.contains(value) || search(value);
      known.put(value, answer);
    }
    return answer;
  }

  private boolean search(Output value) {
    for (OwnOperation operation : graph.operations()) {
      if (operation.output().equals(value)) {
        return operation.inputs().stream().anyMatch(this::of);
      }
    }
    return sources(value).stream().anyMatch(this::of);
  }

  /**
   * The anchors on which an output of TensorFlow's operations depends, found without going beyond
   * any of them.
   *
   * @throws GraphException where there is an own operation without an anchor: one that was built
   *     with other {@link Ops} than those of the graph
   */
  Set<Output> sources(Output sink) {
    Set<Output> anchors = new LinkedHashSet<>();
    Set<Operation> seen = new HashSet<>();
    Deque<Output> queue = new ArrayDeque<>();
    queue.add(sink);
    while (!queue.isEmpty()) {
      Output output = queue.remove();
      if (graph.isAnchor(output)) {
        anchors.add(output);
      } else if (seen.add(output.operation())) {
        if (KernelOps.needsAnchor(output.operation())) {
          throw new GraphException(
              output.operation().name()
                  + " has no gradient: it was built with other operations than those that the"
                  + " scores were given");
        }
        queue.addAll(output.operation().inputs());
      }
    }
    return anchors;
  }
}
