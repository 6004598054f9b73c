package dev.graft.cli;

import dev.graft.capi.Tensor;
import dev.graft.cli.io.AtomicFiles;
import dev.graft.graph.Predictor;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Of a classifier: STEM.json with the five most probable classes and, if wanted, STEM.logits.npy.
 * An image above 224×224 pixels has scores at several places, which are averaged, as the VGG paper
 * does.
 */
final class TopAnswers implements Answers {
  private static final int SHOWN = 5;

  private final Predictor predictor;
  private final Path folder;
  private final boolean raw;
  private final PrintStream out;
  private final LogitsFile logits;

  TopAnswers(Predictor predictor, Path folder, boolean raw, PrintStream out) {
    this.predictor = predictor;
    this.folder = folder;
    this.raw = raw;
    this.out = out;
    this.logits = new LogitsFile(predictor);
  }

  @Override
  public void write(String stem, Tensor image) throws IOException {
    FloatBuffer scores = logits.predict(image);
    if (raw) {
      logits.write(folder.resolve(stem + ".logits.npy"));
    }
    double[] probabilities = softmax(mean(scores));
    List<Integer> best =
        IntStream.range(0, probabilities.length)
            .boxed()
            .sorted(Comparator.comparing(i -> -probabilities[i]))
            .limit(SHOWN)
            .toList();
    List<Map<String, Object>> top = new ArrayList<>();
    out.println(stem + ":");
    for (int id : best) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("class", id);
      entry.put("probability", probabilities[id]);
      top.add(entry);
      out.println(String.format(Locale.ROOT, "  %6.2f %%  class %d", 100 * probabilities[id], id));
    }
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("image", stem);
    record.put("model", predictor.model().toString());
    record.put("height", image.dim(0));
    record.put("width", image.dim(1));
    record.put("rows", logits.rows());
    record.put("columns", logits.columns());
    record.put("classes", predictor.classes());
    record.put("top", top);
    AtomicFiles.writeText(folder.resolve(stem + ".json"), Json.of(record) + "\n");
  }

  private double[] mean(FloatBuffer scores) {
    int classes = predictor.classes();
    int places = scores.remaining() / classes;
    double[] mean = new double[classes];
    for (int place = 0; place < places; place++) {
      for (int i = 0; i < classes; i++) {
        mean[i] += scores.get(place * classes + i) / (double) places;
      }
    }
    return mean;
  }

  private static double[] softmax(double[] scores) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      largest = Math.max(largest, score);
    }
    double sum = 0;
    double[] result = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      result[i] = Math.exp(scores[i] - largest);
      sum += result[i];
    }
    for (int i = 0; i < scores.length; i++) {
      result[i] /= sum;
    }
    return result;
  }
}
