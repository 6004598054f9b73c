package dev.graft.cli;

import dev.graft.capi.TensorFlow;
import dev.graft.graph.ConstantsCache;
import dev.graft.graph.Kernels;
import dev.graft.graph.ModelWeights;
import dev.graft.graph.RunFolder;
import dev.graft.train.Audit;
import dev.graft.train.ClassWeights;
import dev.graft.train.Sample;
import dev.graft.train.SegmentationDataset;
import dev.graft.train.TrainConfig;
import dev.graft.train.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code graft train}: trains a segmentation network, or goes on with a run. */
@Command(
    name = "train",
    sortOptions = false,
    customSynopsis = {
      "graft train --model M --data DIR [--weights FILE [--map TABLE]]... [OPTIONS]",
      "            --out RUN",
      "graft train --resume [--steps N] [--eval-every N] --out RUN"
    },
    description = {
      "Train a segmentation network on a folder of images and masks.",
      "Ctrl-C ends it after the step with a checkpoint; --resume goes on from there."
    },
    exitCodeList = {
      "0:trained to the last step",
      "1:the work failed",
      "2:wrong usage",
      "130:ended early by a signal, with a good checkpoint"
    },
    footer = {
      "Examples:",
      "  graft train --model fcn8s --data camvid --ignore-label 11 \\",
      "      --weights vgg16.npy --map tensorflow-vgg16 --exclude vgg16/fc8 \\",
      "      --freeze vgg16 --steps 2000 --out runs/camvid",
      "  graft train --model fcn8s --data shapes --init vgg16 --crop 224x224 \\",
      "      --batch 4 --class-weights balanced --out runs/new",
      "  graft train --resume --out runs/camvid --steps 4000"
    })
final class TrainCommand extends GraftCommand {
  private static final String BALANCED = "balanced";
  private static final Set<String> OPTIMIZERS = Set.of("sgd", "momentum", "adam");
  private static final Set<String> AUGMENTATIONS = Set.of("flip", "crop", "none");
  private static final int MAX_CLASSES = 256;

  @Mixin private TrainOptions options;

  @ArgGroup(exclusive = false, multiplicity = "0..*")
  private List<WeightOption> weights = new ArrayList<>();

  @Mixin private KernelOption kernels;

  @Option(names = "--resume", description = "Go on with the run in the folder, if there is one.")
  private boolean resume;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "RUN",
      description = "The folder of the run: settings, checkpoints, logs.")
  private Path out;

  @Override
  public Integer call() {
    checkValues();
    RunFolder run = new RunFolder(out);
    boolean resuming = resume && RunFolder.isRun(out);
    TrainConfig base =
        resuming ? TrainSettings.of(run) : TrainSettings.defaults(options.crop != null);
    TrainConfig config =
        TrainSettings.with(
            base, options, weights.stream().map(WeightOption::record).toList(), listedWeights());
    if (resuming) {
      requireSame(base, config, run);
    } else {
      require(!config.model().isEmpty(), "Missing required option: '--model=M'");
      require(!config.data().isEmpty(), "Missing required option: '--data=DIR'");
    }
    require(
        !config.augment().contains("crop") || config.cropHeight() > 0,
        "--augment crop needs --crop HxW, the size to crop to");
    List<ModelWeights.Source> sources = sources(config, run, resuming);
    // TensorFlow takes the number of threads from the first thing that is done with it.
    if (config.threads() > 0) {
      TensorFlow.setIntraOpThreads(config.threads());
    }
    SegmentationDataset data =
        SegmentationDataset.open(Path.of(config.data()), config.masks(), config.seed());
    if (balanced()) {
      config = TrainSettings.with(config, new TrainOptions(), List.of(), balance(data, config));
      if (resuming) {
        requireSame(base, config, run);
      }
    }
    return train(config, sources, data);
  }

  private void requireSame(TrainConfig saved, TrainConfig wanted, RunFolder run) {
    TrainSettings.conflict(saved, wanted, run)
        .ifPresent(
            message -> {
              throw usage(message);
            });
  }

  private List<ModelWeights.Source> sources(TrainConfig config, RunFolder run, boolean resuming) {
    if (!weights.isEmpty() || !resuming) {
      return WeightOption.sources(this, weights);
    }
    // A run that was killed before its first checkpoint starts again from its weights.
    return run.last().isPresent() ? List.of() : WeightOption.recorded(this, config.weights());
  }

  private int train(
      TrainConfig config, List<ModelWeights.Source> sources, SegmentationDataset data) {
    ConstantsCache cache = ConstantsCache.ofUser();
    Kernels chosen = kernels.kernels();
    if (verbose()) {
      err().println("kernels: " + chosen.description());
    }
    try (TrainReport report = new TrainReport(screen(), config, data);
        StopSignal stop = StopSignal.install(screen())) {
      Trainer.Outcome outcome =
          Trainer.train(
              new Trainer.Request(config, out, resume, sources, cache, chosen, report, stop));
      report.finished(outcome, out);
      return outcome.interrupted() ? Main.INTERRUPTED : Main.SUCCESS;
    }
  }

  private boolean balanced() {
    return options.classWeights != null && options.classWeights.equals(List.of(BALANCED));
  }

  private List<Float> listedWeights() {
    if (options.classWeights == null || balanced()) {
      return List.of();
    }
    List<Float> result = new ArrayList<>();
    for (String text : options.classWeights) {
      float weight;
      try {
        weight = Float.parseFloat(text);
      } catch (NumberFormatException e) {
        throw usage("--class-weights: expected numbers or 'balanced', found '" + text + "'");
      }
      require(weight >= 0 && Float.isFinite(weight), "--class-weights: " + text + " is no weight");
      result.add(weight);
    }
    return result;
  }

  private List<Float> balance(SegmentationDataset data, TrainConfig config) {
    Set<Sample> samples = new LinkedHashSet<>(data.split("train"));
    samples.addAll(data.validation());
    int named = config.classes() > 0 ? config.classes() : data.classNames().size();
    try (WorkProgress progress = new WorkProgress(screen())) {
      Audit audit = Audit.of(List.copyOf(samples), named, config.ignoreLabel(), progress::items);
      return ClassWeights.balanced(audit, named, config.ignoreLabel());
    }
  }

  private void checkValues() {
    TrainOptions o = options;
    require(
        o.model == null || o.model.segments(),
        "--model " + o.model + ": only segmentation networks are trained, such as fcn8s");
    atLeast("--classes", o.classes, 1);
    require(o.classes == null || o.classes <= MAX_CLASSES, "--classes must be at most 256");
    require(
        o.ignoreLabel == null || (o.ignoreLabel >= -1 && o.ignoreLabel <= 255),
        "--ignore-label must be 0 to 255, or -1 for none, not " + o.ignoreLabel);
    atLeast("--steps", o.steps, 1);
    atLeast("--batch", o.batch, 1);
    atLeast("--eval-every", o.evalEvery, 1);
    atLeast("--threads", o.threads, 0);
    require(
        o.optimizer == null || OPTIMIZERS.contains(o.optimizer),
        "--optimizer must be sgd, momentum or adam, not '" + o.optimizer + "'");
    require(
        o.learningRate == null || (o.learningRate > 0 && Float.isFinite(o.learningRate)),
        "--learning-rate must be above 0, not " + o.learningRate);
    require(
        o.weightDecay == null || (o.weightDecay >= 0 && Float.isFinite(o.weightDecay)),
        "--weight-decay must be at least 0, not " + o.weightDecay);
    share("--momentum", o.momentum);
    share("--dropout", o.dropout);
    require(
        o.momentum == null || o.optimizer == null || o.optimizer.equals("momentum"),
        "--momentum is of --optimizer momentum, not of " + o.optimizer);
    if (o.augment != null) {
      require(
          AUGMENTATIONS.containsAll(o.augment)
              && (o.augment.size() == 1 || !o.augment.contains("none")),
          "--augment must be of flip and crop, or none, not " + String.join(",", o.augment));
    }
  }

  private void atLeast(String option, Number value, long least) {
    require(
        value == null || value.longValue() >= least,
        option + " must be at least " + least + ", not " + value);
  }

  private void share(String option, Float value) {
    require(
        value == null || (value >= 0 && value < 1),
        option + " must be at least 0 and below 1, not " + value);
  }
}
