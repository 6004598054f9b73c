package dev.graft.train;

import dev.graft.capi.Graph;
import dev.graft.capi.Output;
import dev.graft.capi.Session;
import dev.graft.capi.SessionOptions;
import dev.graft.graph.Constant;
import dev.graft.graph.Kernels;
import dev.graft.graph.ModelWeights;
import dev.graft.graph.Ops;
import dev.graft.graph.Parameters;
import dev.graft.graph.Scores;
import dev.graft.graph.Validation;
import java.util.List;
import java.util.Map;

/** Evaluates trained weights on a part of a data set. */
public final class Evaluator {
  private Evaluator() {}

  /** Evaluates with {@link Kernels#AUTO}. */
  public static ValidationResult evaluate(
      ModelWeights weights,
      List<Sample> samples,
      int classes,
      int ignoredLabel,
      SessionOptions options,
      Progress progress) {
    return evaluate(weights, samples, classes, ignoredLabel, Kernels.AUTO, options, progress);
  }

  /**
   * Evaluates; all parameters are constants.
   *
   * @param classes how many the weights tell apart
   * @param ignoredLabel pixels with this label do not count; -1 for none
   * @throws DatasetException listing every file that cannot be used
   */
  public static ValidationResult evaluate(
      ModelWeights weights,
      List<Sample> samples,
      int classes,
      int ignoredLabel,
      Kernels kernels,
      SessionOptions options,
      Progress progress) {
    Audit.of(samples, classes, ignoredLabel, progress);
    Kernels chosen = kernels.in(options);
    Map<String, Constant> constants =
        weights.constants(weights.shapes().keySet(), chosen, bytes -> {});
    try (Graph graph = new Graph()) {
      Ops ops = new Ops(graph, chosen);
      Pipeline pipeline = Pipeline.build(ops, "evaluation", samples, 1, Augmentation.NONE);
      Parameters parameters = Parameters.create(ops, weights.shapes(), constants);
      Output logits = Scores.of(weights.model()).of(ops, pipeline.images(), parameters.values());
      Validation network = Validation.build(ops, logits, pipeline.labels(), ignoredLabel);
      try (Session session = new Session(graph, options);
          Validator validator = new Validator(samples, classes, session, pipeline, network)) {
        return validator.run(progress);
      }
    }
  }
}
