package dev.graft.cli;

import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs whole commands in this process, and finds what they work on. */
final class Graft {
  private Graft() {}

  /** What a command did. */
  record Result(int code, String out, String err) {}

  /** Runs a command; arguments may be anything that has a {@code toString}. */
  static Result run(Object... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Arrays.stream(args).map(Object::toString).toArray(String[]::new));
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** A file of the numeric references. */
  static Path golden(String name) {
    try {
      return Path.of(Graft.class.getResource("/golden/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All arrays of a file by name; they stay readable while the store is open. */
  static Map<String, WeightArray> arrays(WeightStore store) {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    store.names().forEach(name -> arrays.put(name, store.get(name)));
    return arrays;
  }

  /** All values of a file of float32 arrays. */
  static Map<String, float[]> values(Path file) {
    try (WeightStore store = WeightStore.open(file)) {
      Map<String, float[]> values = new LinkedHashMap<>();
      store.names().forEach(name -> values.put(name, WeightArrays.floats(store.get(name))));
      return values;
    }
  }

  /** The values of one float32 array in a file that may have others of other types. */
  static float[] values(Path file, String name) {
    try (WeightStore store = WeightStore.open(file)) {
      return WeightArrays.floats(store.get(name));
    }
  }

  /** The shapes of a file's arrays. */
  static Map<String, String> shapes(Path file) {
    try (WeightStore store = WeightStore.open(file)) {
      Map<String, String> shapes = new LinkedHashMap<>();
      store.names().forEach(name -> shapes.put(name, store.get(name).shape().toString()));
      return shapes;
    }
  }

  /** ‖a−b‖ / ‖b‖. */
  static double relativeError(float[] a, float[] b) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < b.length; i++) {
      difference += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
      norm += (double) b[i] * b[i];
    }
    return a.length == b.length ? Math.sqrt(difference / norm) : Double.NaN;
  }
}
