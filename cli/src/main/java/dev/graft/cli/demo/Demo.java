package dev.graft.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.image.Images;
import dev.graft.cli.image.MaskImages;
import dev.graft.cli.image.Overlays;
import dev.graft.cli.report.DemoPage;
import dev.graft.cli.report.DemoReport;
import dev.graft.cli.report.LossCurve;
import dev.graft.graph.ConstantsCache;
import dev.graft.graph.ModelWeights;
import dev.graft.graph.Predictor;
import dev.graft.mapping.NameMapping;
import dev.graft.train.ConfusionMatrix;
import dev.graft.train.TrainConfig;
import dev.graft.train.Trainer;
import dev.graft.train.TrainingListener;
import dev.graft.train.ValidationResult;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The main job on data that it makes itself: a narrow VGG16 learns kinds of shapes, goes through a
 * dictionary npy and a name table into an FCN-8s as constants, and only the head is trained. Beside
 * it the same head on a backbone that was taught nothing. All figures come from the two runs.
 */
public final class Demo {
  private static final int HEIGHT = 160; // pixels
  private static final int WIDTH = 160; // pixels
  private static final int TRAIN_SCENES = 200;
  private static final int VALIDATION_SCENES = 40;
  private static final int STEPS = 400;
  private static final int BATCH = 8;
  private static final float LEARNING_RATE = 1e-2f;
  private static final int EXAMPLES = 6;
  private static final String TABLE = "tensorflow-vgg16";

  private final Path out;
  private final long seed;
  private final TrainingListener listener;
  private final BooleanSupplier stop;

  /**
   * A demo.
   *
   * @param out the folder for all files; made if it is not there
   * @param seed of pictures and first weights
   * @param listener is told how it goes
   * @param stop asked now and then: true ends the demo with a {@link StoppedException}
   */
  public Demo(Path out, long seed, TrainingListener listener, BooleanSupplier stop) {
    this.out = out;
    this.seed = seed;
    this.listener = listener;
    this.stop = stop;
  }

  /** The demo was asked to stop. */
  public static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StoppedException() {
      super("the demo was stopped before it was done");
    }
  }

  /**
   * What came of it.
   *
   * @param accuracy of the classifier on pictures that it was not trained on, 0 to 1
   * @param transferred validation of the head on the taught backbone
   * @param untrained validation of the head on the untaught backbone
   * @param page shows everything
   */
  public record Result(
      double accuracy, ValidationResult transferred, ValidationResult untrained, Path page) {}

  /** Runs all of it. */
  public Result run() throws IOException {
    Files.createDirectories(out);
    Path taught = out.resolve("vgg16-shapes.npy");
    Path untaught = out.resolve("vgg16-untrained.npy");
    KindClassifier.Result classifier;
    try (KindClassifier.Result trained =
        KindClassifier.train(
            seed,
            (work, done, total) -> {
              stopIfAsked();
              listener.progress(work, done, total);
            })) {
      classifier = trained;
      write(taught, trained.weights());
      write(untaught, trained.untrained());
    }
    Path data = out.resolve("data");
    new ShapeScenes(seed).writeDataset(data, TRAIN_SCENES, VALIDATION_SCENES, HEIGHT, WIDTH);
    ValidationResult transferred = trainHead(data, taught, out.resolve("run"));
    ValidationResult baseline = trainHead(data, untaught, out.resolve("run-untrained"));
    Path page = out.resolve("index.html");
    DemoPage.write(page, report(classifier, transferred, baseline));
    return new Result(classifier.accuracy(), transferred, baseline, page);
  }

  private void stopIfAsked() {
    if (stop.getAsBoolean()) {
      throw new StoppedException();
    }
  }

  private static void write(Path file, WeightStore graphWeights) {
    WeightWriter.write(file, NameMapping.bundled(TABLE).export(graphWeights, Set.of()));
  }

  private ValidationResult trainHead(Path data, Path backbone, Path run) {
    TrainConfig config =
        new TrainConfig(
            "fcn8s",
            data.toString(),
            "",
            List.of(backbone + " (" + TABLE + ")"),
            List.of("vgg16/fc8"),
            List.of(),
            List.of("vgg16"),
            0,
            List.of(),
            255,
            STEPS,
            BATCH,
            "adam",
            LEARNING_RATE,
            0.9f,
            5e-4f,
            0,
            0,
            0,
            List.of("flip"),
            true,
            List.of(),
            seed,
            STEPS,
            0);
    Trainer.Outcome outcome =
        Trainer.train(
            new Trainer.Request(
                config,
                run,
                false,
                List.of(new ModelWeights.Source(backbone, NameMapping.bundled(TABLE))),
                ConstantsCache.ofUser(),
                listener,
                stop));
    if (outcome.interrupted()) {
      throw new StoppedException();
    }
    return outcome.validation().orElseThrow();
  }

  private DemoReport report(
      KindClassifier.Result classifier, ValidationResult transferred, ValidationResult baseline)
      throws IOException {
    Path curve = out.resolve("loss.png");
    LossCurve.write(
        curve,
        "Data loss of the head",
        List.of(
            losses("on the taught backbone", out.resolve("run")),
            losses("on the untaught backbone", out.resolve("run-untrained"))));
    return new DemoReport(
        "Graft demo",
        "A narrow VGG16 learns to tell kinds of shapes. Its weights go through a dictionary npy and a"
            + " name table into an FCN-8s, whose backbone is frozen as constants; only the head is"
            + " trained. The same head on an untaught backbone stands beside it.",
        steps(classifier, transferred, baseline),
        ShapeScenes.CLASSES,
        run("taught backbone", transferred.confusion()),
        run("untaught backbone", baseline.confusion()),
        Optional.of(out.relativize(curve).toString()),
        examples(),
        "Made by graft demo --seed " + seed + ".");
  }

  private static List<DemoReport.Step> steps(
      KindClassifier.Result classifier, ValidationResult transferred, ValidationResult baseline) {
    return List.of(
        new DemoReport.Step(
            "A backbone",
            "A narrow VGG16 was trained on pictures of one shape each or none, and tested on others.",
            List.of(
                new DemoReport.Figure("pictures", Integer.toString(classifier.pictures())),
                new DemoReport.Figure("steps", Integer.toString(classifier.steps())),
                new DemoReport.Figure("accuracy", percent(classifier.accuracy())))),
        new DemoReport.Step(
            "Weights on the way",
            "Its weights were written as vgg16-shapes.npy in the layout of tensorflow-vgg, and read"
                + " back through the table "
                + TABLE
                + " without fc8.",
            List.of()),
        new DemoReport.Step(
            "A head",
            "The head of an FCN-8s was trained on scenes and masks; the backbone below was constant.",
            List.of(
                new DemoReport.Figure("training scenes", Integer.toString(TRAIN_SCENES)),
                new DemoReport.Figure("steps", Integer.toString(STEPS)),
                new DemoReport.Figure("mean IoU", percent(transferred.confusion().meanIou())))),
        new DemoReport.Step(
            "Without transfer",
            "The same head was trained in the same way on the backbone's first random values.",
            List.of(new DemoReport.Figure("mean IoU", percent(baseline.confusion().meanIou())))));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static DemoReport.Run run(String name, ConfusionMatrix confusion) {
    List<Double> iou = new ArrayList<>();
    for (int label = 0; label < confusion.classes(); label++) {
      iou.add(confusion.iou(label));
    }
    return new DemoReport.Run(
        name, iou, confusion.meanIou(), confusion.pixelAccuracy(), confusion.meanAccuracy());
  }

  private static LossCurve.Run losses(String name, Path run) throws IOException {
    List<String> lines = Files.readAllLines(run.resolve("metrics.jsonl"));
    int[] steps = new int[lines.size()];
    double[] losses = new double[lines.size()];
    ObjectMapper json = new ObjectMapper();
    for (int i = 0; i < steps.length; i++) {
      JsonNode line = json.readTree(lines.get(i));
      steps[i] = line.get("step").asInt();
      losses[i] = line.get("data_loss").asDouble();
    }
    return new LossCurve.Run(name, steps, losses);
  }

  private List<DemoReport.Example> examples() throws IOException {
    Path pictures = Files.createDirectories(out.resolve("pictures"));
    List<DemoReport.Example> examples = new ArrayList<>();
    ShapeScenes scenes = new ShapeScenes(seed);
    try (Predictor transferred = Predictor.open(out.resolve("run"));
        Predictor baseline = Predictor.open(out.resolve("run-untrained"))) {
      for (int i = 0; i < EXAMPLES; i++) {
        int index = TRAIN_SCENES + i;
        String stem = ShapeScenes.stem(index);
        Scene scene = scenes.scene(index, HEIGHT, WIDTH);
        Images.writeRgb(pictures.resolve(stem + ".png"), scene.rgb(), HEIGHT, WIDTH);
        overlay(pictures.resolve(stem + ".truth.png"), scene, scene.ids());
        byte[] ids = new byte[HEIGHT * WIDTH];
        transferred.classIds(scene.rgb(), HEIGHT, WIDTH, ids);
        MaskImages.write(pictures.resolve(stem + ".mask.png"), ids, HEIGHT, WIDTH);
        overlay(pictures.resolve(stem + ".overlay.png"), scene, ids);
        baseline.classIds(scene.rgb(), HEIGHT, WIDTH, ids);
        overlay(pictures.resolve(stem + ".untrained.png"), scene, ids);
        String base = "pictures/" + stem;
        examples.add(
            new DemoReport.Example(
                stem,
                base + ".png",
                base + ".truth.png",
                base + ".overlay.png",
                base + ".untrained.png"));
      }
    }
    return examples;
  }

  private static void overlay(Path file, Scene scene, byte[] ids) throws IOException {
    Overlays.write(file, scene.rgb(), ids, scene.height(), scene.width(), 255);
  }
}
