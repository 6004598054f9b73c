package dev.graft.graph;

import dev.graft.capi.Output;
import java.util.List;

/** An operation of Graft's in a graph that knows its gradients. */
sealed interface OwnOperation permits OwnConvolution, OwnDense {
  /** What it computes. */
  Output output();

  /** What it takes that may have a gradient: data, kernel, bias. */
  List<Output> inputs();

  /**
   * Adds the operations that compute the gradients of its inputs.
   *
   * @param gradient of its output
   * @param wanted for each input whether its gradient is wanted
   * @return one for each input, null where it is not wanted
   */
  Output[] gradients(Ops ops, Output gradient, boolean[] wanted);
}
