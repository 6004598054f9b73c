package dev.graft.cli.report;

import java.util.List;
import java.util.Optional;

/**
 * Everything that {@link DemoPage} shows. Texts are plain text, not HTML. Paths are relative to the
 * page, with {@code /} between folders.
 *
 * @param title the page's heading
 * @param summary what the page is about, in a sentence or two
 * @param steps what was done, in order
 * @param classes names of the class ids 0, 1, ...
 * @param transferred the run on the transferred backbone
 * @param baseline the run of the same head on an untrained backbone
 * @param lossCurve the picture of the runs' losses, if it could be drawn
 * @param examples validation pictures with what both runs make of them
 * @param footer where the page comes from: command, versions, machine, as the caller likes
 */
public record DemoReport(
    String title,
    String summary,
    List<Step> steps,
    List<String> classes,
    Run transferred,
    Run baseline,
    Optional<String> lossCurve,
    List<Example> examples,
    String footer) {

  /** Copies the lists and checks that both runs have one IoU a class. */
  public DemoReport {
    steps = List.copyOf(steps);
    classes = List.copyOf(classes);
    examples = List.copyOf(examples);
    for (Run run : List.of(transferred, baseline)) {
      if (run.iou().size() != classes.size()) {
        throw new IllegalArgumentException(
            String.format(
                "%s: expected one IoU for each of %d classes, found %d",
                run.name(), classes.size(), run.iou().size()));
      }
    }
  }

  /**
   * One step of the work.
   *
   * @param name a few words
   * @param text a sentence or two
   * @param figures what was counted or measured in it, possibly nothing
   */
  public record Step(String name, String text, List<Figure> figures) {
    /** Copies the list. */
    public Step {
      figures = List.copyOf(figures);
    }
  }

  /**
   * A named figure.
   *
   * @param name such as {@code accuracy}
   * @param value as it is to be shown, with its unit
   */
  public record Figure(String name, String value) {}

  /**
   * How well one run did on the validation part; all values are fractions 0..1.
   *
   * @param name as shown above its column
   * @param iou intersection over union of each class; NaN for a class that did not occur
   * @param meanIou over the classes that occur
   * @param pixelAccuracy share of pixels given the right class
   * @param meanAccuracy mean over classes of the share of their pixels given the right class
   */
  public record Run(
      String name, List<Double> iou, double meanIou, double pixelAccuracy, double meanAccuracy) {
    /** Copies the list. */
    public Run {
      iou = List.copyOf(iou);
    }
  }

  /**
   * One validation picture.
   *
   * @param name of the picture
   * @param image path of the picture itself
   * @param truth path of its overlay with the true mask
   * @param transferred path of its overlay with the transferred run's prediction
   * @param baseline path of its overlay with the baseline's prediction
   */
  public record Example(
      String name, String image, String truth, String transferred, String baseline) {}
}
