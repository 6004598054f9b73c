package dev.graft.capi;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_AddGradientsWithPrefix;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationAllInputs;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationNumInputs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.internal.c_api.TF_Operation;
import org.tensorflow.internal.c_api.TF_Output;

/** Adds the operations that compute gradients to a graph. */
final class Gradients {
  private Gradients() {}

  /** The graph is in use by the caller. One output for each x, or null; dys may be null. */
  @SuppressWarnings("try") // the scope frees what is allocated in it
  static Output[] add(Graph graph, String prefix, List<Output> ys, List<Output> dys, Output[] xs) {
    try (PointerScope scope = new PointerScope();
        Status status = new Status()) {
      // TensorFlow refuses the whole request for one x that no path leads to.
      Set<Long> reachable = reachable(graph, ys);
      List<Output> wanted = new ArrayList<>();
      for (Output x : xs) {
        if (reachable.contains(x.operation().pointerIn(graph).address())) {
          wanted.add(x);
        }
      }
      TF_Output gradients = OutputArray.empty(wanted.size());
      if (!wanted.isEmpty()) {
        TF_AddGradientsWithPrefix(
            graph.pointer(),
            prefix,
            OutputArray.of(graph, ys),
            ys.size(),
            OutputArray.of(graph, wanted),
            wanted.size(),
            dys == null ? null : OutputArray.of(graph, dys),
            status.pointer(),
            gradients);
        status.check(() -> "gradients '" + prefix + "'");
      }
      Output[] result = new Output[xs.length];
      int next = 0;
      for (int i = 0; i < xs.length; i++) {
        if (reachable.contains(xs[i].operation().pointerIn(graph).address())) {
          gradients.position(next++);
          TF_Operation operation = gradients.oper();
          result[i] =
              operation == null ? null : new Operation(graph, operation).output(gradients.index());
        }
      }
      return result;
    }
  }

  /** The addresses of the operations that the outputs depend on, their own among them. */
  private static Set<Long> reachable(Graph graph, List<Output> outputs) {
    Set<Long> seen = new HashSet<>();
    Deque<TF_Operation> queue = new ArrayDeque<>();
    for (Output output : outputs) {
      TF_Operation operation = output.operation().pointerIn(graph);
      if (seen.add(operation.address())) {
        queue.add(operation);
      }
    }
    while (!queue.isEmpty()) {
      TF_Operation operation = queue.remove();
      int count = TF_OperationNumInputs(operation);
      try (TF_Output inputs = OutputArray.empty(count)) {
        TF_OperationAllInputs(operation, inputs, count);
        for (int i = 0; i < count; i++) {
          TF_Operation input = inputs.position(i).oper();
          if (seen.add(input.address())) {
            queue.add(input);
          }
        }
      }
    }
    return seen;
  }
}
