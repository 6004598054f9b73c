package dev.graft.bench;

import dev.graft.graph.Model;
import dev.graft.graph.ParameterShapes;
import dev.graft.weights.Shape;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** How large the networks are: the benchmark parameter {@code size}. */
public enum NetSize {
  /** The published widths: 138 M parameters with 1000 classes. */
  FULL(1000) {
    @Override
    Map<String, Shape> widths() {
      return Map.of();
    }
  },
  /** A few channels a layer, for a quick look at whether everything runs. */
  NARROW(10) {
    @Override
    Map<String, Shape> widths() {
      Map<String, Shape> biases = new LinkedHashMap<>();
      for (String name : ParameterShapes.names(Model.VGG16)) {
        if (name.endsWith("/bias") && !name.contains("/fc8/")) {
          biases.put(name, Shape.of(name.contains("/fc") ? 16 : 4));
        }
      }
      return biases;
    }
  };

  private final int classes;

  NetSize(int classes) {
    this.classes = classes;
  }

  /** The size of this name in lower case. */
  public static NetSize of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }

  /** How many classes the classifier tells apart. */
  public int classes() {
    return classes;
  }

  /** Shapes of biases that set other widths than the published ones. */
  abstract Map<String, Shape> widths();

  /** The shapes of all parameters of the VGG16 classifier, by graph name. */
  public Map<String, Shape> classifierShapes() {
    return ParameterShapes.resolve(Model.VGG16, widths(), classes);
  }

  /** Height and width of a segmentation network's images: {@code full}, or 64, in pixels. */
  public int pixels(int full) {
    return this == FULL ? full : 64;
  }

  /** Its name as a parameter. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
