package dev.graft.train;

import java.util.stream.IntStream;

/**
 * Pixels by label and prediction, from which all segmentation metrics are computed. One matrix is
 * kept for a whole data set. Formulas as in Long, Shelhamer and Darrell (2015), section 5; classes
 * in neither labels nor predictions are left out of means.
 */
public final class ConfusionMatrix {
  private final int classes;
  private final long[] counts;

  /** An empty matrix. */
  public ConfusionMatrix(int classes) {
    this.classes = classes;
    this.counts = new long[classes * classes];
  }

  /**
   * Adds counts.
   *
   * @param cells at label · classes + prediction
   */
  public void add(long[] cells) {
    if (cells.length != counts.length) {
      throw new IllegalArgumentException(
          "expected " + counts.length + " cells, found " + cells.length);
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] += cells[i];
    }
  }

  /** How many classes. */
  public int classes() {
    return classes;
  }

  /** Pixels of one label that were given one prediction. */
  public long count(int label, int prediction) {
    return counts[label * classes + prediction];
  }

  /** All pixels that were counted. */
  public long total() {
    return IntStream.range(0, classes).mapToLong(this::labelled).sum();
  }

  /** The share of pixels that are right; NaN where there are none. */
  public double pixelAccuracy() {
    long right = IntStream.range(0, classes).mapToLong(c -> count(c, c)).sum();
    return (double) right / total();
  }

  /** The mean over the classes that occur in labels of the share of their pixels that is right. */
  public double meanAccuracy() {
    return IntStream.range(0, classes)
        .filter(c -> labelled(c) > 0)
        .mapToDouble(c -> (double) count(c, c) / labelled(c))
        .average()
        .orElse(Double.NaN);
  }

  /**
   * Intersection over union of one class; NaN where it occurs neither in labels nor predictions.
   */
  public double iou(int label) {
    long union = labelled(label) + predicted(label) - count(label, label);
    return (double) count(label, label) / union;
  }

  /** The mean of {@link #iou} over the classes that occur. */
  public double meanIou() {
    return IntStream.range(0, classes)
        .mapToDouble(this::iou)
        .filter(value -> !Double.isNaN(value))
        .average()
        .orElse(Double.NaN);
  }

  /** {@link #iou} weighted by the classes' share of the labels. */
  public double frequencyWeightedIou() {
    double sum =
        IntStream.range(0, classes)
            .filter(c -> labelled(c) > 0)
            .mapToDouble(c -> labelled(c) * iou(c))
            .sum();
    return sum / total();
  }

  /** Pixels with this label. */
  public long labelled(int label) {
    return IntStream.range(0, classes).mapToLong(p -> count(label, p)).sum();
  }

  private long predicted(int prediction) {
    return IntStream.range(0, classes).mapToLong(l -> count(l, prediction)).sum();
  }
}
