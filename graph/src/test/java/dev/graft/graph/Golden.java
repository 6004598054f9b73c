package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** References that PyTorch computed on a narrow VGG16 and FCN-8s. */
final class Golden {
  /** Relative L2 error allowed for activations in float32. */
  static final double ACTIVATIONS = 1e-5;

  /** Relative L2 error allowed for gradients, and for parameters after five steps. */
  static final double GRADIENTS = 1e-4;

  private Golden() {}

  static Path file(String name) {
    try {
      return Path.of(Golden.class.getResource("/golden/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static JsonNode facts() {
    try {
      return new ObjectMapper().readTree(file("facts.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] bytes(WeightStore store, String name) {
    WeightArray array = store.get(name);
    ByteBuffer buffer = ByteBuffer.allocate((int) array.byteSize());
    array.read(0, buffer);
    return buffer.array();
  }

  static void assertClose(float[] actual, WeightStore store, String name, double tolerance) {
    float[] expected = WeightArrays.floats(store.get(name));
    assertThat(actual).as(name).hasSameSizeAs(expected);
    assertThat(relativeError(actual, expected))
        .as("relative error of %s", name)
        .isLessThan(tolerance);
  }

  /** ‖a−b‖/‖b‖. */
  static double relativeError(float[] actual, float[] expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      double delta = (double) actual[i] - expected[i];
      difference += delta * delta;
      norm += (double) expected[i] * expected[i];
    }
    return Math.sqrt(difference / norm);
  }

  static double norm(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }
}
