package dev.graft.cli;

import dev.graft.capi.SessionOptions;
import dev.graft.cli.Failures.Failed;
import dev.graft.graph.ConstantsCache;
import dev.graft.graph.Kernels;
import dev.graft.graph.ModelWeights;
import dev.graft.graph.RunFolder;
import dev.graft.mapping.NameMapping;
import dev.graft.train.Evaluator;
import dev.graft.train.Sample;
import dev.graft.train.SegmentationDataset;
import dev.graft.train.TrainConfig;
import dev.graft.train.ValidationResult;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code graft eval}: how well a run does on a data set. */
@Command(
    name = "eval",
    description = "Evaluate a run's best checkpoint on a part of a data set.",
    footer = {
      "Examples:",
      "  graft eval runs/camvid --data camvid",
      "  graft eval runs/camvid --data camvid --split train --json",
      "  graft eval runs/camvid --data camvid --fc-bfloat16"
    })
final class EvalCommand extends GraftCommand {
  /** A wider confusion matrix is for programs: it is in the JSON. */
  private static final int SHOWN_CLASSES = 12;

  @Parameters(paramLabel = "RUN", description = "The folder of a training run.")
  private Path run;

  @Option(names = "--data", required = true, paramLabel = "DIR", description = "The data set.")
  private Path folder;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      defaultValue = "val",
      description = "val or train (default: val).")
  private String split;

  @Option(
      names = "--masks",
      paramLabel = "NAME",
      description = "Another folder of masks in the data set (default: the run's).")
  private String masks;

  @Mixin private PredictionKernelOption kernels;

  @Option(names = "--json", description = "Print JSON instead of tables.")
  private boolean json;

  @Override
  public Integer call() {
    require(
        split.equals("val") || split.equals("train"),
        "--split must be val or train, not '" + split + "'");
    Kernels chosen = kernels.kernels(this);
    if (!RunFolder.isRun(run)) {
      throw new Failed(run + ": is no run: there is no run.json in it");
    }
    RunFolder runFolder = new RunFolder(run);
    TrainConfig config = TrainSettings.of(runFolder);
    SegmentationDataset data =
        SegmentationDataset.open(folder, masks == null ? config.masks() : masks, config.seed());
    List<Sample> samples = data.split(split);
    ModelWeights.Source source = new ModelWeights.Source(run, NameMapping.bundled("graft"));
    ModelWeights.Request request =
        new ModelWeights.Request(
            runFolder.model(), List.of(source), Set.of(), List.of(), config.classes(), 0);
    try (WorkProgress progress = new WorkProgress(screen());
        ModelWeights weights = ModelWeights.load(request, ConstantsCache.ofUser())) {
      ValidationResult result =
          Evaluator.evaluate(
              weights,
              samples,
              config.classes(),
              config.ignoreLabel(),
              chosen,
              SessionOptions.DEFAULT,
              progress::items);
      print(result, names(config, data));
    }
    return Main.SUCCESS;
  }

  private static List<String> names(TrainConfig config, SegmentationDataset data) {
    return data.classNames().size() == config.classes() ? data.classNames() : config.classNames();
  }

  private void print(ValidationResult result, List<String> names) {
    if (json) {
      Map<String, Object> record = new LinkedHashMap<>();
      record.put("run", run.toString());
      record.put("data", folder.toString());
      record.put("split", split);
      record.putAll(result.toMap());
      record.put("class_names", names);
      out().println(Json.of(record));
      return;
    }
    out().println(Metrics.summary(result));
    out().println(Metrics.classTable(result.confusion(), names));
    if (result.confusion().classes() <= SHOWN_CLASSES) {
      out().println("Pixels by label (down) and prediction (across):");
      out().print(Metrics.confusionTable(result.confusion()));
    }
  }
}
