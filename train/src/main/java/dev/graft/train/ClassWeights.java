package dev.graft.train;

import java.util.ArrayList;
import java.util.List;

/** Weights of classes in the loss. */
public final class ClassWeights {
  private ClassWeights() {}

  /**
   * Weights against the share of the classes' pixels: all pixels that count, divided by the number
   * of classes that occur and by the class's own pixels. Their mean over the pixels is 1. A class
   * that does not occur gets 1.
   *
   * @param classes how many; 0 takes them from the labels
   * @param ignoredLabel the label that does not count; -1 for none
   * @return [classes]
   */
  public static List<Float> balanced(Audit audit, int classes, int ignoredLabel) {
    int count = classes > 0 ? classes : audit.classes(ignoredLabel);
    long total = 0;
    int occurring = 0;
    for (int label = 0; label < count; label++) {
      long pixels = pixels(audit, label, ignoredLabel);
      total += pixels;
      occurring += pixels > 0 ? 1 : 0;
    }
    List<Float> weights = new ArrayList<>();
    for (int label = 0; label < count; label++) {
      long pixels = pixels(audit, label, ignoredLabel);
      weights.add(pixels == 0 ? 1f : (float) ((double) total / occurring / pixels));
    }
    return weights;
  }

  private static long pixels(Audit audit, int label, int ignoredLabel) {
    return label == ignoredLabel ? 0 : audit.histogram().get(label);
  }
}
