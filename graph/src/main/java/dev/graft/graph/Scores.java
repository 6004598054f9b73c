package dev.graft.graph;

import dev.graft.capi.Output;
import java.util.Map;

/**
 * A network as a function from images to scores, for those who put their own layers on a backbone.
 */
@FunctionalInterface
public interface Scores {
  /**
   * Adds the network to a graph.
   *
   * @param images uint8 RGB [batch, height, width, 3]
   * @param parameters a value for each parameter
   * @return float32 [batch, rows, columns, classes]: scores before the softmax
   */
  Output of(Ops ops, Output images, Map<String, Output> parameters);

  /** The logits of a model, without dropout. */
  static Scores of(Model model) {
    return (ops, images, parameters) ->
        Network.build(ops, model, Network.preprocess(ops, images), parameters).logits();
  }
}
