package dev.graft.train;

import dev.graft.capi.Call;
import dev.graft.capi.Session;
import dev.graft.capi.TensorFlowException;
import dev.graft.graph.Validation;
import java.util.List;
import java.util.stream.IntStream;

/** Runs a validation network over a list of images, one at a time. */
final class Validator implements AutoCloseable {
  private final List<Sample> samples;
  private final int classes;
  private final Session session;
  private final Pipeline pipeline;
  private final Call call;

  Validator(
      List<Sample> samples, int classes, Session session, Pipeline pipeline, Validation network) {
    this.samples = samples;
    this.classes = classes;
    this.session = session;
    this.pipeline = pipeline;
    this.call = session.call().fetch(network.confusion()).fetch(network.dataLoss()).build();
  }

  ValidationResult run(Progress progress) {
    ConfusionMatrix confusion = new ConfusionMatrix(classes);
    double loss = 0;
    pipeline.start(session, IntStream.range(0, samples.size()).toArray(), new long[samples.size()]);
    for (int i = 0; i < samples.size(); i++) {
      try {
        call.run();
      } catch (TensorFlowException e) {
        throw new TrainingException(
            "validation failed at " + samples.get(i).image() + ": " + e.reason(), e);
      }
      confusion.add(call.result(0).toLongs());
      loss += call.result(1).toFloats()[0];
      progress.update("validating", i + 1, samples.size());
    }
    return new ValidationResult(samples.size(), loss / samples.size(), confusion);
  }

  @Override
  public void close() {
    call.close();
  }
}
