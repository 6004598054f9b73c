package dev.graft.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.capi.Call;
import dev.graft.capi.Graph;
import dev.graft.capi.Session;
import dev.graft.capi.SessionOptions;
import dev.graft.capi.Tensor;
import dev.graft.capi.TensorFlowException;
import dev.graft.graph.AtomicFiles;
import dev.graft.graph.Checkpoint;
import dev.graft.graph.Constant;
import dev.graft.graph.ConstantsCache;
import dev.graft.graph.FreezePolicy;
import dev.graft.graph.Model;
import dev.graft.graph.ModelWeights;
import dev.graft.graph.Ops;
import dev.graft.graph.Optimizer;
import dev.graft.graph.RunFolder;
import dev.graft.graph.TrainingGraph;
import dev.graft.graph.Validation;
import dev.graft.mapping.NameMapping;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/** Trains a segmentation network, or goes on with a run. */
public final class Trainer {
  /** A run saves itself at least this often. */
  private static final long SAVE_MILLIS = 5 * 60_000;

  /** A variable with more values than this is not drawn as a histogram. */
  private static final long HISTOGRAM_VALUES = 1 << 20;

  private final TrainConfig config;
  private final RunFolder run;
  private final TrainingListener listener;
  private final BooleanSupplier stop;

  private Trainer(
      TrainConfig config, RunFolder run, TrainingListener listener, BooleanSupplier stop) {
    this.config = config;
    this.run = run;
    this.listener = listener;
    this.stop = stop;
  }

  /**
   * What to do.
   *
   * @param config all settings; classes 0 takes them from {@code classes.txt} or the labels,
   *     evalEvery 0 is once an epoch, but not more often than every 100 steps
   * @param out the run's folder
   * @param resume whether to go on with the run in the folder, if there is one
   * @param sources of the weights; on resuming they may be left out
   * @param cache of constants
   * @param listener is told how it goes
   * @param stop asked after every step: true ends the run with a checkpoint
   */
  public record Request(
      TrainConfig config,
      Path out,
      boolean resume,
      List<ModelWeights.Source> sources,
      ConstantsCache cache,
      TrainingListener listener,
      BooleanSupplier stop) {}

  /**
   * How a run ended.
   *
   * @param steps that were done, those before a resumption among them
   * @param interrupted whether it was asked to stop before its last step
   * @param dataLoss of the last step; NaN where there was nothing left to do
   * @param validation the last one, if there are images for it
   */
  public record Outcome(
      long steps, boolean interrupted, float dataLoss, Optional<ValidationResult> validation) {}

  /**
   * Trains.
   *
   * @throws TrainingException where the run cannot start or go on
   * @throws DatasetException where images or masks cannot be used
   */
  public static Outcome train(Request request) {
    RunFolder run = new RunFolder(request.out());
    if (RunFolder.isRun(request.out()) && !request.resume()) {
      throw new TrainingException(
          request.out() + ": there is a run already; resume it, or choose another folder");
    }
    TrainConfig config = request.config();
    if (Model.of(config.model()).segments()) {
      makeFolders(run);
    } else {
      throw new TrainingException(
          "only segmentation networks can be trained, not " + config.model());
    }
    SegmentationDataset data =
        SegmentationDataset.open(Path.of(config.data()), config.masks(), config.seed());
    data.split("train");
    Audit audit = audit(data, config, request.listener());
    TrainConfig complete = complete(config, data, audit);
    Trainer trainer = new Trainer(complete, run, request.listener(), request.stop());
    boolean resuming = RunFolder.isRun(request.out()) && run.last().isPresent();
    return resuming ? trainer.resume(request, data, audit) : trainer.start(request, data, audit);
  }

  private static void makeFolders(RunFolder run) {
    try {
      Files.createDirectories(run.path().resolve("checkpoints"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the run's folder " + run.path() + ": " + e, e);
    }
  }

  private static Audit audit(
      SegmentationDataset data, TrainConfig config, TrainingListener listener) {
    List<Sample> all = new ArrayList<>(data.train());
    data.validation().stream().filter(sample -> !all.contains(sample)).forEach(all::add);
    int limit = config.classes() > 0 ? config.classes() : data.classNames().size();
    Audit audit = Audit.of(all, limit, config.ignoreLabel(), listener::progress);
    Set<String> sizes = new TreeSet<>();
    for (Audit.Size size : audit.sizes()) {
      sizes.add(size.toString());
      boolean small = size.height() < config.cropHeight() || size.width() < config.cropWidth();
      if (small && config.ignoreLabel() < 0) {
        throw new DatasetException(
            "an image of "
                + size
                + " pixels is smaller than the crop, and there is no ignored label to fill with");
      }
    }
    if (config.batch() > 1 && config.cropHeight() == 0 && sizes.size() > 1) {
      throw new DatasetException(
          "the images have several sizes ("
              + String.join(", ", sizes)
              + "): use batches of 1, or crop them to one size");
    }
    return audit;
  }

  /** The settings with what the data decides. */
  private static TrainConfig complete(TrainConfig c, SegmentationDataset data, Audit audit) {
    int classes =
        c.classes() > 0
            ? c.classes()
            : data.classNames().isEmpty()
                ? audit.classes(c.ignoreLabel())
                : data.classNames().size();
    if (classes < 1 || classes > 256) {
      throw new DatasetException("there must be 1 to 256 classes, not " + classes);
    }
    if (!c.classWeights().isEmpty() && c.classWeights().size() != classes) {
      throw new DatasetException(
          "there are " + classes + " classes and " + c.classWeights().size() + " class weights");
    }
    List<String> names = data.classNames().size() == classes ? data.classNames() : List.of();
    long epoch = Math.max(1, data.train().size() / c.batch());
    long evalEvery = c.evalEvery() > 0 ? c.evalEvery() : Math.max(epoch, 100);
    return new TrainConfig(
        c.model(),
        c.data(),
        c.masks(),
        c.weights(),
        c.exclude(),
        c.init(),
        c.freeze(),
        classes,
        names,
        c.ignoreLabel(),
        c.steps(),
        c.batch(),
        c.optimizer(),
        c.learningRate(),
        c.momentum(),
        c.weightDecay(),
        c.dropout(),
        c.cropHeight(),
        c.cropWidth(),
        c.augment(),
        c.shuffle(),
        c.classWeights(),
        c.seed(),
        evalEvery,
        c.threads());
  }

  private Outcome start(Request request, SegmentationDataset data, Audit audit) {
    Model model = Model.of(config.model());
    List<String> initialise = new ArrayList<>(config.init());
    initialise.add(model.headScope());
    ModelWeights.Request wanted =
        new ModelWeights.Request(
            model,
            request.sources(),
            Set.copyOf(config.exclude()),
            initialise,
            config.classes(),
            config.seed());
    try (ModelWeights weights = ModelWeights.load(wanted, request.cache())) {
      Map<String, Constant> frozen = run.keepFrozen(frozen(weights).values());
      AtomicFiles.write(run.settingsFile(), json(config));
      return loop(data, audit, weights, frozen, Optional.empty());
    }
  }

  private Outcome resume(Request request, SegmentationDataset data, Audit audit) {
    Path checkpoint = run.last().orElseThrow();
    Model model = Model.of(config.model());
    run.verifyFrozen();
    if (!request.sources().isEmpty()) {
      requireSameFrozen(request, model);
    }
    ModelWeights.Source source = new ModelWeights.Source(checkpoint, NameMapping.bundled("graft"));
    ModelWeights.Request wanted =
        new ModelWeights.Request(
            model, List.of(source), Set.of(), List.of(), config.classes(), config.seed());
    try (ModelWeights weights = ModelWeights.load(wanted, request.cache())) {
      AtomicFiles.write(run.settingsFile(), json(config));
      return loop(data, audit, weights, run.frozen(), Optional.of(checkpoint));
    }
  }

  /** A run goes on only with the constants that it began with. */
  private void requireSameFrozen(Request request, Model model) {
    List<String> initialise = new ArrayList<>(config.init());
    initialise.add(model.headScope());
    ModelWeights.Request wanted =
        new ModelWeights.Request(
            model,
            request.sources(),
            Set.copyOf(config.exclude()),
            initialise,
            config.classes(),
            config.seed());
    try (ModelWeights weights = ModelWeights.load(wanted, request.cache())) {
      String given = Checkpoint.hash(frozen(weights).values());
      String kept = Checkpoint.hash(run.frozen().values());
      if (!given.equals(kept)) {
        throw new TrainingException(
            run.path()
                + ": the run has other frozen weights than those given now: expected their hash "
                + kept
                + ", found "
                + given);
      }
    }
  }

  private Map<String, Constant> frozen(ModelWeights weights) {
    Set<String> names = FreezePolicy.of(config.freeze()).frozen(weights.shapes().keySet());
    long total = weights.missingBytes(names);
    long[] done = {0};
    return weights.constants(
        names,
        bytes -> {
          synchronized (done) {
            done[0] += bytes;
            listener.progress("writing constants", done[0], total);
          }
        });
  }

  private Outcome loop(
      SegmentationDataset data,
      Audit audit,
      ModelWeights weights,
      Map<String, Constant> frozen,
      Optional<Path> checkpoint) {
    List<Sample> validation = data.validation();
    try (Graph graph = new Graph()) {
      Ops ops = new Ops(graph);
      Pipeline pipeline =
          Pipeline.build(ops, "input", data.train(), config.batch(), augmentation());
      TrainingGraph training =
          TrainingGraph.build(
              ops,
              weights.model(),
              weights.shapes(),
              frozen,
              pipeline.images(),
              pipeline.labels(),
              settings());
      Checkpoint saver = new Checkpoint(training, frozen.values());
      Pipeline validationInput = null;
      Validation network = null;
      if (!validation.isEmpty()) {
        validationInput = Pipeline.build(ops, "validation_input", validation, 1, Augmentation.NONE);
        network = training.addValidation(validationInput.images(), validationInput.labels());
      }
      SessionOptions options = SessionOptions.DEFAULT.withIntraOpThreads(config.threads());
      try (Session session = new Session(graph, options);
          Validator validator =
              network == null
                  ? null
                  : new Validator(
                      validation, config.classes(), session, validationInput, network)) {
        long done = 0;
        if (checkpoint.isPresent()) {
          saver.restore(session, checkpoint.get());
          done = RunFolder.stepOf(checkpoint.get());
        } else {
          training.initialize(session, weights::array);
        }
        listener.prepared(
            new TrainingListener.Preparation(
                audit,
                config.classes(),
                weights.initialised(),
                frozen.size(),
                frozen.keySet().stream()
                    .mapToLong(name -> weights.shapes().get(name).elementCount() * Float.BYTES)
                    .sum(),
                training.trained().size(),
                training.variableBytes(),
                done));
        try (MetricsLog metrics = new MetricsLog(run.metricsFile(), done);
            MetricsLog results = new MetricsLog(run.path().resolve("validation.jsonl"), done);
            EventWriter events = new EventWriter(run.eventsFolder())) {
          Steps steps =
              new Steps(
                  session,
                  training,
                  pipeline,
                  data.train().size(),
                  saver,
                  validator,
                  metrics,
                  results,
                  events);
          return steps.run(done);
        }
      }
    }
  }

  /** The loop's own state. */
  private final class Steps {
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

    Steps(
        Session session,
        TrainingGraph training,
        Pipeline pipeline,
        int images,
        Checkpoint saver,
        Validator validator,
        MetricsLog metrics,
        MetricsLog results,
        EventWriter events) {
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

    Outcome run(long done) {
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
        return new Outcome(step, interrupted, dataLoss, last);
      }
    }

    private void runStep(Call call, long step) {
      try {
        call.run();
      } catch (TensorFlowException e) {
        throw new TrainingException(
            "step " + step + " failed: " + e.getMessage() + "; " + lastGood(), e);
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
      } catch (TensorFlowException | UncheckedIOException e) {
        throw new TrainingException(
            "cannot write the checkpoint "
                + checkpoint
                + ": "
                + e.getMessage()
                + (savedStep < 0 ? "" : "; " + lastGood()),
            e);
      }
      savedStep = step;
      savedAt = System.currentTimeMillis();
      run.prune();
      listener.saved(step, checkpoint);
    }
  }

  private Augmentation augmentation() {
    return new Augmentation(
        config.augment().contains("flip"),
        config.cropHeight(),
        config.cropWidth(),
        config.augment().contains("crop"),
        config.seed(),
        Math.max(0, config.ignoreLabel()));
  }

  private TrainingGraph.Settings settings() {
    Optimizer optimizer =
        switch (config.optimizer()) {
          case "sgd" -> new Optimizer.Sgd(config.learningRate());
          case "momentum" -> new Optimizer.Momentum(config.learningRate(), config.momentum());
          case "adam" -> new Optimizer.Adam(config.learningRate());
          default ->
              throw new TrainingException(
                  "there is no optimizer '" + config.optimizer() + "'; use sgd, momentum or adam");
        };
    return new TrainingGraph.Settings(
        optimizer,
        config.weightDecay(),
        config.ignoreLabel(),
        config.classWeights(),
        config.dropout(),
        config.seed());
  }

  private static String json(TrainConfig config) {
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(config) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of plain values is JSON", e);
    }
  }
}
