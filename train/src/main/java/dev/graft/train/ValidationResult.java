package dev.graft.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How well a network does on a part of a data set.
 *
 * @param images how many were looked at
 * @param dataLoss the mean over the images of their mean cross-entropy
 * @param confusion pixels by label and prediction
 */
public record ValidationResult(int images, double dataLoss, ConfusionMatrix confusion) {
  /** All figures by name, for JSON; a class that does not occur has null. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("images", images);
    map.put("data_loss", dataLoss);
    map.put("pixel_accuracy", confusion.pixelAccuracy());
    map.put("mean_accuracy", confusion.meanAccuracy());
    map.put("mean_iou", confusion.meanIou());
    map.put("frequency_weighted_iou", confusion.frequencyWeightedIou());
    List<Double> perClass = new ArrayList<>();
    List<List<Long>> counts = new ArrayList<>();
    for (int label = 0; label < confusion.classes(); label++) {
      double iou = confusion.iou(label);
      perClass.add(Double.isNaN(iou) ? null : iou);
      List<Long> row = new ArrayList<>();
      for (int prediction = 0; prediction < confusion.classes(); prediction++) {
        row.add(confusion.count(label, prediction));
      }
      counts.add(row);
    }
    map.put("class_iou", perClass);
    map.put("confusion", counts);
    return map;
  }
}
