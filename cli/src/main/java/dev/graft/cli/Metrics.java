package dev.graft.cli;

import dev.graft.train.ConfusionMatrix;
import dev.graft.train.ValidationResult;
import java.util.List;
import java.util.Locale;

/** The result of a validation as text. */
final class Metrics {
  private Metrics() {}

  /** The figures that are one number each, a line each. */
  static String summary(ValidationResult result) {
    ConfusionMatrix confusion = result.confusion();
    return new Tables()
        .text("metric")
        .number("value")
        .row("images", result.images())
        .row("data loss", number(result.dataLoss()))
        .row("pixel accuracy", number(confusion.pixelAccuracy()))
        .row("mean accuracy", number(confusion.meanAccuracy()))
        .row("mean IoU", number(confusion.meanIou()))
        .row("frequency-weighted IoU", number(confusion.frequencyWeightedIou()))
        .render();
  }

  /**
   * The classes, a line each; a dash where a class does not occur.
   *
   * @param names of the classes from class 0; may be fewer
   */
  static String classTable(ConfusionMatrix confusion, List<String> names) {
    Tables table =
        new Tables()
            .number("class")
            .text("name")
            .number("IoU")
            .number("accuracy")
            .number("labelled pixels");
    for (int label = 0; label < confusion.classes(); label++) {
      long labelled = confusion.labelled(label);
      table.row(
          label,
          label < names.size() ? names.get(label) : "",
          number(confusion.iou(label)),
          number((double) confusion.count(label, label) / labelled),
          labelled);
    }
    return table.render();
  }

  /** Pixels: a line for each label, a column for each prediction. */
  static String confusionTable(ConfusionMatrix confusion) {
    Tables table = new Tables().number("label\\as");
    for (int prediction = 0; prediction < confusion.classes(); prediction++) {
      table.number(Integer.toString(prediction));
    }
    for (int label = 0; label < confusion.classes(); label++) {
      Object[] cells = new Object[confusion.classes() + 1];
      cells[0] = label;
      for (int prediction = 0; prediction < confusion.classes(); prediction++) {
        cells[prediction + 1] = confusion.count(label, prediction);
      }
      table.row(cells);
    }
    return table.render();
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
  }
}
