package dev.graft.train;

import dev.graft.capi.Call;
import dev.graft.capi.Session;
import dev.graft.capi.Tensor;
import dev.graft.capi.TensorFlowException;
import dev.graft.graph.Checkpoint;
import dev.graft.graph.RunFolder;
import dev.graft.graph.TrainingGraph;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** The steps of a run, with validations, checkpoints and logs between them. */
final class TrainingLoop {
  /** A run saves itself at least this often. */
  private static final long SAVE_MILLIS = 5 * 60_000;

  /** A variable with more values than this is not drawn as a histogram. */
  private static final long HISTOGRAM_VALUES = 1 << 20;

  private final TrainConfig config;
  private final RunFolder run;
  private final TrainingListener listener;
  private final BooleanSupplier stop;
  private final Session session;
  private final TrainingGraph training;
  private final Pipeline pipeline;
  private final int images;
  private final Checkpoint saver;
  private final Validator validator;
  private final MetricsLog metrics;
  private final MetricsLog results;
  private final EventWriter events;
  private final BestValidation best;
  private long savedStep = -1;
  private long savedAt = System.currentTimeMillis();

  TrainingLoop(
      TrainConfig config,
      RunFolder run,
      TrainingListener listener,
      BooleanSupplier stop,
      Session session,
      TrainingGraph training,
      Pipeline pipeline,
      int images,
      Checkpoint saver,
      Validator validator,
      MetricsLog metrics,
      MetricsLog results,
      EventWriter events) {
    this.config = config;
    this.run = run;
    this.listener = listener;
    this.stop = stop;
    this.session = session;
    this.training = training;
    this.pipeline = pipeline;
    this.images = images;
    this.saver = saver;
    this.validator = validator;
    this.metrics = metrics;
    this.results = results;
    this.events = events;
    this.best = BestValidation.read(run.path().resolve("validation.jsonl"));
  }

  Trainer.Outcome run(long done) {
    if (done == 0) {
      save(0);
    } else {
      savedStep = done;
    }
    Optional<ValidationResult> last = Optional.empty();
    float dataLoss = Float.NaN;
    boolean interrupted = false;
    int length = Math.toIntExact(Math.max(0, config.steps() - done) * config.batch());
    SampleOrder order = new SampleOrder(images, config.shuffle(), config.seed());
    SampleOrder.Stretch stretch = order.stretch(done * config.batch(), length);
    pipeline.start(session, stretch.samples, stretch.epochs);
    try (Call call =
        session
            .call()
            .fetch(training.dataLoss())
            .fetch(training.regularizationLoss())
            .target(training.train())
            .build()) {
      float[] losses = new float[2];
      long step = done;
      while (step < config.steps() && !interrupted) {
        runStep(call, step + 1);
        step++;
        call.result(0).read(0, losses, 0, 1);
        call.result(1).read(0, losses, 1, 1);
        dataLoss = losses[0];
        log(step, losses[0], losses[1]);
        if (step % config.evalEvery() == 0 || step == config.steps()) {
          last = validate(step);
        } else if (System.currentTimeMillis() - savedAt > SAVE_MILLIS) {
          save(step);
        }
        interrupted = stop.getAsBoolean() && step < config.steps();
      }
      if (interrupted) {
        save(step);
      }
      events.flush();
      return new Trainer.Outcome(step, interrupted, dataLoss, last);
    }
  }

  private void runStep(Call call, long step) {
    try {
      call.run();
    } catch (TensorFlowException e) {
      throw new TrainingException("step " + step + " failed: " + e.reason() + "; " + lastGood(), e);
    }
  }

  private void log(long step, float dataLoss, float regularizationLoss) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", step);
    line.put("data_loss", dataLoss);
    line.put("regularization_loss", regularizationLoss);
    line.put("learning_rate", config.learningRate());
    metrics.write(line);
    if (!Float.isFinite(dataLoss) || !Float.isFinite(regularizationLoss)) {
      throw new TrainingException(
          "the loss is not finite at step "
              + step
              + ": data "
              + dataLoss
              + ", regularization "
              + regularizationLoss
              + "; try a smaller learning rate; "
              + lastGood());
    }
    events.scalar(step, "loss/data", dataLoss);
    events.scalar(step, "loss/regularization", regularizationLoss);
    events.scalar(step, "learning_rate", config.learningRate());
    listener.step(step, config.steps(), dataLoss, regularizationLoss);
  }

  private String lastGood() {
    return "the last good checkpoint is that of step " + savedStep + " in " + run.path();
  }

  private Optional<ValidationResult> validate(long step) {
    if (validator == null) {
      save(step);
      return Optional.empty();
    }
    ValidationResult result = validator.run(listener::progress);
    boolean better = best.isBetter(result);
    save(step);
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", step);
    line.putAll(result.toMap());
    results.write(line);
    if (better) {
      run.setBest(run.checkpoint(step));
      run.prune();
    }
    events.scalar(step, "validation/data_loss", result.dataLoss());
    events.scalar(step, "validation/mean_iou", result.confusion().meanIou());
    events.scalar(step, "validation/pixel_accuracy", result.confusion().pixelAccuracy());
    histograms(step);
    events.flush();
    listener.validated(step, result, better);
    return Optional.of(result);
  }

  private void histograms(long step) {
    training
        .trainedValues()
        .forEach(
            (name, output) -> {
              long values = 1;
              for (long dim : output.shape()) {
                values *= dim;
              }
              if (values <= HISTOGRAM_VALUES) {
                try (Tensor tensor = session.runner().fetch(output).runOne()) {
                  events.histogram(step, name, tensor.toFloats());
                }
              }
            });
  }

  private void save(long step) {
    if (step == savedStep) {
      return;
    }
    Path checkpoint = run.checkpoint(step);
    try {
      saver.save(session, checkpoint);
      run.setLast(checkpoint);
    } catch (UncheckedIOException e) {
      throw new TrainingException(e.getMessage() + (savedStep < 0 ? "" : "; " + lastGood()), e);
    }
    savedStep = step;
    savedAt = System.currentTimeMillis();
    run.prune();
    listener.saved(step, checkpoint);
  }
}
