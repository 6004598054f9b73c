package dev.graft.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.capi.Graph;
import dev.graft.capi.Session;
import dev.graft.capi.SessionOptions;
import dev.graft.graph.AtomicFiles;
import dev.graft.graph.Checkpoint;
import dev.graft.graph.Constant;
import dev.graft.graph.ConstantsCache;
import dev.graft.graph.FreezePolicy;
import dev.graft.graph.Kernels;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/** Trains a segmentation network, or goes on with a run. */
public final class Trainer {
  private final TrainConfig config;
  private final RunFolder run;
  private final SessionOptions options;
  private final Kernels kernels;
  private final TrainingListener listener;
  private final BooleanSupplier stop;

  private Trainer(
      TrainConfig config,
      RunFolder run,
      Kernels kernels,
      TrainingListener listener,
      BooleanSupplier stop) {
    this.config = config;
    this.run = run;
    this.options = SessionOptions.DEFAULT.withIntraOpThreads(config.threads());
    this.kernels = kernels.in(options);
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
   * @param kernels what the network is built with
   * @param listener is told how it goes
   * @param stop asked after every step: true ends the run with a checkpoint
   */
  public record Request(
      TrainConfig config,
      Path out,
      boolean resume,
      List<ModelWeights.Source> sources,
      ConstantsCache cache,
      Kernels kernels,
      TrainingListener listener,
      BooleanSupplier stop) {
    /** With {@link Kernels#AUTO}. */
    public Request(
        TrainConfig config,
        Path out,
        boolean resume,
        List<ModelWeights.Source> sources,
        ConstantsCache cache,
        TrainingListener listener,
        BooleanSupplier stop) {
      this(config, out, resume, sources, cache, Kernels.AUTO, listener, stop);
    }
  }

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
   * @throws dev.graft.graph.GraphException where the kernels are for prediction only
   */
  public static Outcome train(Request request) {
    request.kernels().requireTrainable();
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
    Trainer trainer =
        new Trainer(complete, run, request.kernels(), request.listener(), request.stop());
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
    try (ModelWeights weights = ModelWeights.load(wanted(request), request.cache())) {
      Map<String, Constant> frozen = run.keepFrozen(frozen(weights).values());
      AtomicFiles.write(run.settingsFile(), json(config));
      return loop(data, audit, weights, frozen, Optional.empty());
    }
  }

  /** The weights that the caller names, and new ones for the head and where the caller says so. */
  private ModelWeights.Request wanted(Request request) {
    Model model = Model.of(config.model());
    List<String> initialise = new ArrayList<>(config.init());
    initialise.add(model.headScope());
    return new ModelWeights.Request(
        model,
        request.sources(),
        Set.copyOf(config.exclude()),
        initialise,
        config.classes(),
        config.seed());
  }

  private Outcome resume(Request request, SegmentationDataset data, Audit audit) {
    Path checkpoint = run.last().orElseThrow();
    Model model = Model.of(config.model());
    run.verifyFrozen();
    if (!request.sources().isEmpty()) {
      requireSameFrozen(request);
    }
    ModelWeights.Source source = new ModelWeights.Source(checkpoint, NameMapping.bundled("graft"));
    ModelWeights.Request wanted =
        new ModelWeights.Request(
            model, List.of(source), Set.of(), List.of(), config.classes(), config.seed());
    try (ModelWeights weights = ModelWeights.load(wanted, request.cache())) {
      AtomicFiles.write(run.settingsFile(), json(config));
      Map<String, Constant> frozen = run.frozen();
      request.cache().pack(frozen, kernels, bytes -> {});
      return loop(data, audit, weights, frozen, Optional.of(checkpoint));
    }
  }

  /** A run goes on only with the constants that it began with. */
  private void requireSameFrozen(Request request) {
    try (ModelWeights weights = ModelWeights.load(wanted(request), request.cache())) {
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
    long total = weights.missingBytes(names, kernels);
    long[] done = {0};
    return weights.constants(
        names,
        kernels,
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
      Ops ops = new Ops(graph, kernels);
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
          TrainingLoop loop =
              new TrainingLoop(
                  config,
                  run,
                  listener,
                  stop,
                  session,
                  training,
                  pipeline,
                  data.train().size(),
                  saver,
                  validator,
                  metrics,
                  results,
                  events);
          return loop.run(done);
        }
      }
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
