package dev.graft.cli;

import dev.graft.cli.demo.Demo;
import dev.graft.cli.demo.ShapeScenes;
import dev.graft.graph.RunFolder;
import dev.graft.train.ConfusionMatrix;
import dev.graft.train.TrainingException;
import dev.graft.train.TrainingListener;
import dev.graft.train.ValidationResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code graft demo}: the main job on data that it makes itself. */
@Command(
    name = "demo",
    sortOptions = false,
    description = {
      "Show the main job, with nothing prepared, in under 3 minutes on 2 cores.",
      "A narrow VGG16 learns kinds of shapes; its weights go through a dictionary npy and a name",
      "table into an FCN-8s with the backbone frozen, whose head is trained on scenes and masks.",
      "The same head on an untaught backbone stands beside it."
    },
    exitCodeList = {
      "0:the demo reached a mean IoU of 0.80",
      "1:the work failed, or the mean IoU is lower",
      "2:wrong usage",
      "130:ended early by a signal"
    },
    footer = {"Examples:", "  graft demo", "  graft demo --out /tmp/shapes --seed 7"})
final class DemoCommand extends GraftCommand {
  /** What the demo promises. */
  private static final double PROMISED_IOU = 0.80;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "graft-demo",
      description = "The folder for everything it makes (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the pictures and of first weights (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Override
  public Integer call() {
    for (String run : new String[] {"run", "run-untrained"}) {
      if (RunFolder.isRun(out.resolve(run))) {
        throw new TrainingException(
            out + ": there is a demo already; choose another folder with --out, or delete it");
      }
    }
    long start = System.nanoTime();
    Demo.Result result;
    try (Listener listener = new Listener(screen());
        StopSignal stop = StopSignal.install(screen())) {
      result = new Demo(out, seed, listener, stop).run();
    } catch (Demo.StoppedException e) {
      err().println(e.getMessage());
      return Main.INTERRUPTED;
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    report(result, (System.nanoTime() - start) / 1e9);
    return result.transferred().confusion().meanIou() >= PROMISED_IOU ? Main.SUCCESS : Main.FAILURE;
  }

  private void report(Demo.Result result, double seconds) {
    ConfusionMatrix transferred = result.transferred().confusion();
    ConfusionMatrix untrained = result.untrained().confusion();
    Tables table = new Tables().text("validation").number("taught backbone").number("untaught");
    for (int label = 0; label < transferred.classes(); label++) {
      table.row(
          "IoU of " + ShapeScenes.CLASSES.get(label),
          share(transferred.iou(label)),
          share(untrained.iou(label)));
    }
    table.row("mean IoU", share(transferred.meanIou()), share(untrained.meanIou()));
    table.row(
        "pixel accuracy", share(transferred.pixelAccuracy()), share(untrained.pixelAccuracy()));
    out().print(table.render());
    out().println("classifier's accuracy on new pictures: " + share(result.accuracy()));
    out().println(String.format(Locale.ROOT, "done in %.0f s", seconds));
    out().println("look at " + result.page().toAbsolutePath());
    if (transferred.meanIou() < PROMISED_IOU) {
      err().println("the mean IoU is below the promised " + share(PROMISED_IOU));
    }
  }

  private static String share(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
  }

  /** Progress of the demo's parts, without what a training run would report of itself. */
  private static final class Listener implements TrainingListener, AutoCloseable {
    private final WorkProgress work;

    Listener(Screen screen) {
      this.work = new WorkProgress(screen);
    }

    @Override
    public void progress(String name, long done, long total) {
      work.items(name, done, total);
    }

    @Override
    public void step(long step, long steps, float dataLoss, float regularizationLoss) {
      work.items("training the head", step, steps);
    }

    @Override
    public void validated(long step, ValidationResult result, boolean best) {
      work.close();
    }

    @Override
    public void close() {
      work.close();
    }
  }
}
