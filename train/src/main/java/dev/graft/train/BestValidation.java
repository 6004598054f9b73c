package dev.graft.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Remembers the best mean IoU of a run, resumptions included. */
final class BestValidation {
  private double meanIou;

  private BestValidation(double meanIou) {
    this.meanIou = meanIou;
  }

  /** What the run's log says. */
  static BestValidation read(Path log) {
    double best = Double.NEGATIVE_INFINITY;
    ObjectMapper json = new ObjectMapper();
    try {
      if (Files.exists(log)) {
        for (String line : Files.readAllLines(log)) {
          best = Math.max(best, json.readTree(line).path("mean_iou").asDouble(best));
        }
      }
    } catch (JsonProcessingException e) {
      throw new TrainingException(log + ": expected a JSON object a line: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + log + ": " + e.getMessage(), e);
    }
    return new BestValidation(best);
  }

  /** Whether a result is better than all before; it is remembered if so. */
  boolean isBetter(ValidationResult result) {
    double value = result.confusion().meanIou();
    if (!(value > meanIou)) {
      return false;
    }
    meanIou = value;
    return true;
  }
}
