package dev.graft.cli;

import dev.graft.capi.SessionOptions;
import dev.graft.capi.Tensor;
import dev.graft.cli.Failures.Failed;
import dev.graft.graph.Constant;
import dev.graft.graph.ConstantsCache;
import dev.graft.graph.Kernels;
import dev.graft.graph.Model;
import dev.graft.graph.ModelWeights;
import dev.graft.graph.Predictor;
import dev.graft.graph.RunFolder;
import dev.graft.mapping.NameMapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code graft predict}: masks, or the classes of whole images. */
@Command(
    name = "predict",
    sortOptions = false,
    customSynopsis = {
      "graft predict RUN --out DIR [--raw] [--stock-kernels | --fc-bfloat16] IMAGE...",
      "graft predict --model M (--weights FILE [--map TABLE])... [--exclude SCOPE,...]",
      "              --out DIR [--raw] [--stock-kernels | --fc-bfloat16] IMAGE..."
    },
    description = {
      "Predict images with a training run, or with a model on weight files.",
      "",
      "A segmentation network writes STEM.png (palette PNG: a pixel's index is its class),"
          + " STEM.overlay.png and, with --raw, STEM.logits.npy (float32 [height, width,"
          + " classes]).",
      "A classifier writes STEM.json with the five most probable classes and, with --raw,"
          + " STEM.logits.npy (float32 [rows, columns, classes]; 1 row and column at 224x224)."
    },
    footer = {
      "Examples:",
      "  graft predict runs/camvid --out masks street.jpg",
      "  graft predict --model fcn8s --weights vgg16.npy --map tensorflow-vgg16 \\",
      "      --weights head.npz --exclude vgg16/fc8 --out masks --raw *.png",
      "  graft predict --model vgg16 --weights vgg_16.npy --map slim-vgg16 --out top cat.jpg"
    })
final class PredictCommand extends GraftCommand {
  @Parameters(
      arity = "1..*",
      paramLabel = "RUN|IMAGE",
      description = "The run's folder, unless --model is given; then images (PNG, JPEG, BMP, GIF).")
  private List<Path> arguments;

  @Option(
      names = "--model",
      paramLabel = "M",
      converter = ModelConverter.class,
      completionCandidates = ModelConverter.class,
      description = "${COMPLETION-CANDIDATES}.")
  private Model model;

  @ArgGroup(exclusive = false, multiplicity = "0..*")
  private List<WeightOption> weights = new ArrayList<>();

  @Option(
      names = "--exclude",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "SCOPE,…",
      description = "Scopes of the weights that are not wanted, such as vgg16/fc8.")
  private List<String> exclude = List.of();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The folder to write to; it is made if it is not there.")
  private Path out;

  @Mixin private PredictionKernelOption kernels;

  @Option(names = "--raw", description = "Write the scores before the softmax too.")
  private boolean raw;

  @Override
  public Integer call() throws IOException {
    Stopwatch watch = new Stopwatch(err(), verbose());
    Kernels chosen = kernels.kernels(this);
    ModelWeights.Request request = model == null ? requestOfRun() : requestOfModel();
    Map<String, Path> images = byStem(model == null ? 1 : 0);
    watch.sinceStart("start of the process");
    makeFolder();
    try (Predictor predictor = predictor(request, chosen, watch)) {
      return predict(predictor, images, watch);
    }
  }

  private ModelWeights.Request requestOfRun() {
    require(weights.isEmpty(), "--weights needs --model M, the network that they are for");
    require(exclude.isEmpty(), "--exclude is for --weights; a run has what it needs");
    Path run = arguments.get(0);
    require(arguments.size() > 1, "no IMAGE is given: '" + run + "' is taken for the RUN");
    if (!RunFolder.isRun(run)) {
      throw new Failed(
          run + ": is no run: there is no run.json in it; for weight files, give --model too");
    }
    ModelWeights.Source source = new ModelWeights.Source(run, NameMapping.bundled("graft"));
    return new ModelWeights.Request(
        new RunFolder(run).model(), List.of(source), Set.of(), List.of(), 0, 0);
  }

  private ModelWeights.Request requestOfModel() {
    require(!weights.isEmpty(), "--model needs --weights FILE");
    return new ModelWeights.Request(
        model, WeightOption.sources(this, weights), Set.copyOf(exclude), List.of(), 0, 0);
  }

  /** The images by the first part of their answers' names. */
  private Map<String, Path> byStem(int from) {
    Map<String, Path> result = new LinkedHashMap<>();
    for (Path image : arguments.subList(from, arguments.size())) {
      require(image.getFileName() != null, image + ": is no image");
      String name = image.getFileName().toString();
      int dot = name.lastIndexOf('.');
      Path other = result.put(dot > 0 ? name.substring(0, dot) : name, image);
      require(
          other == null, other + " and " + image + " would be written to files of the same name");
    }
    return result;
  }

  private void makeFolder() throws IOException {
    Files.createDirectories(out);
    if (!Files.isWritable(out)) {
      throw new Failed(out + ": cannot be written to: permission denied");
    }
  }

  private Predictor predictor(ModelWeights.Request request, Kernels chosen, Stopwatch watch) {
    try (ModelWeights loaded = ModelWeights.load(request, ConstantsCache.ofUser());
        WorkProgress progress = new WorkProgress(screen())) {
      watch.lap("weights: open, validate, map");
      long total = loaded.missingBytes(loaded.shapes().keySet(), chosen);
      long[] done = {0};
      Map<String, Constant> constants =
          loaded.constants(
              loaded.shapes().keySet(),
              chosen,
              bytes -> {
                synchronized (done) {
                  done[0] += bytes;
                  progress.bytes("writing constants", done[0], total);
                }
              });
      watch.lap("constants (" + Tables.bytes(done[0]) + " written)");
      Predictor predictor = Predictor.of(loaded, constants, chosen, SessionOptions.DEFAULT);
      watch.lap("graph and session, " + (chosen.areOwn() ? "own" : "stock") + " kernels");
      return predictor;
    }
  }

  private int predict(Predictor predictor, Map<String, Path> images, Stopwatch watch)
      throws IOException {
    Answers answers =
        predictor.model().segments()
            ? new MaskAnswers(predictor, out, raw)
            : new TopAnswers(predictor, out, raw, out());
    int failed = 0;
    try (ImageDecoder decoder = new ImageDecoder();
        WorkProgress progress = new WorkProgress(screen())) {
      int number = 0;
      for (Map.Entry<String, Path> image : images.entrySet()) {
        progress.items("predicting", number++, images.size());
        try {
          Tensor pixels = decoder.decode(image.getValue());
          answers.write(image.getKey(), pixels);
        } catch (Failed e) {
          failed++;
          err().println("graft: " + image.getValue() + ": " + e.getMessage());
        }
        watch.lap(image.getKey() + ": decode, predict, write");
      }
    }
    watch.sinceStart("all, from the process's start");
    int done = images.size() - failed;
    out().printf("%d of %d images predicted, in %s%n", done, images.size(), out);
    return failed == 0 ? Main.SUCCESS : Main.FAILURE;
  }
}
