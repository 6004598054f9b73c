package dev.graft.cli;

import dev.graft.train.SegmentationDataset;
import dev.graft.train.TrainConfig;
import dev.graft.train.Trainer;
import dev.graft.train.TrainingListener;
import dev.graft.train.ValidationResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Tells the user how a training goes: reports on the standard output, progress on the other. */
final class TrainReport implements TrainingListener, AutoCloseable {
  /** More names than this are counted, not listed. */
  private static final int LISTED = 12;

  private final Screen screen;
  private final TrainConfig config;
  private final SegmentationDataset data;
  private final WorkProgress work;
  private final StepProgress steps;

  /** Of class 0 and on; empty where the data set names another number of classes. */
  private List<String> classNames = List.of();

  TrainReport(Screen screen, TrainConfig config, SegmentationDataset data) {
    this.screen = screen;
    this.config = config;
    this.data = data;
    this.work = new WorkProgress(screen);
    this.steps = new StepProgress(screen, config.steps());
  }

  @Override
  public void progress(String name, long done, long total) {
    if (name.equals("writing constants")) {
      work.bytes(name, done, total);
    } else {
      steps.pause();
      work.items(name, done, total);
    }
  }

  @Override
  public void prepared(Preparation p) {
    work.close();
    classNames = data.classNames().size() == p.classes() ? data.classNames() : List.of();
    line(
        "%s: %d images to train on, %d to validate with, %d classes",
        config.data(), data.train().size(), data.validation().size(), p.classes());
    screen.out().print(histogram(p));
    if (!p.initialised().isEmpty()) {
      line("initialised: %s", names(p.initialised()));
    }
    line("frozen: %d parameters, %s of constants", p.frozen(), Tables.bytes(p.frozenBytes()));
    line(
        "trained: %d parameters, %s of variables with the optimizer's slots",
        p.trained(), Tables.bytes(p.variableBytes()));
    if (p.startStep() > 0) {
      line("going on after step %d of %d", p.startStep(), config.steps());
    }
    steps.start(p.startStep());
  }

  private String histogram(Preparation p) {
    List<Long> counts = p.audit().histogram();
    long total = Math.max(1, counts.stream().mapToLong(Long::longValue).sum());
    Tables table = new Tables().number("label").text("class").number("pixels").number("share");
    for (int label = 0; label < counts.size(); label++) {
      long pixels = counts.get(label);
      boolean ignored = label == config.ignoreLabel();
      if (ignored ? pixels > 0 : label < p.classes()) {
        String name = ignored ? "(ignored)" : className(label);
        table.row(label, name, pixels, percent((double) pixels / total));
      }
    }
    return table.render();
  }

  private String className(int label) {
    return label < classNames.size() ? classNames.get(label) : "";
  }

  @Override
  public void step(long step, long total, float dataLoss, float regularizationLoss) {
    work.close();
    steps.done(step, dataLoss, regularizationLoss);
  }

  @Override
  public void validated(long step, ValidationResult result, boolean best) {
    work.close();
    steps.pause();
    line("validation after step %d%s:", step, best ? ", the best so far" : "");
    screen.out().print(Metrics.summary(result));
    screen.out().print(Metrics.classTable(result.confusion(), classNames));
  }

  /** The last lines of a run. */
  void finished(Trainer.Outcome outcome, Path run) {
    steps.pause();
    if (outcome.interrupted()) {
      line(
          "stopped after step %d of %d; go on with: graft train --resume --out %s",
          outcome.steps(), config.steps(), run);
    } else {
      line("done: %d steps, the run is in %s", outcome.steps(), run);
    }
  }

  @Override
  public void close() {
    work.close();
    steps.pause();
  }

  private void line(String format, Object... args) {
    screen.out().println(String.format(Locale.ROOT, format, args));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }

  private static String names(List<String> names) {
    String listed = String.join(", ", names.subList(0, Math.min(LISTED, names.size())));
    return names.size() <= LISTED
        ? listed
        : listed + " and " + (names.size() - LISTED) + " more, " + names.size() + " in all";
  }
}
