package dev.graft.mapping;

import dev.graft.weights.Shape;
import java.util.Optional;

/**
 * A parameter that a graph needs, under the graph's name, such as {@code vgg16/conv1_1/kernel}.
 *
 * @param shape the shape it must have in graph layout, or empty where the weights decide
 */
public record ParameterSpec(String name, Optional<Shape> shape) {
  /** A parameter whose shape the weights decide. */
  public static ParameterSpec of(String name) {
    return new ParameterSpec(name, Optional.empty());
  }
}
