package dev.graft.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files by numpy and by Python 2's pickler with all dtypes, byte orders, memory orders, scalars and
 * dictionary layouts: every array equals its line in edge.txt.
 */
class EdgeFilesTest {
  private static final Path FOLDER = Golden.file("../edge/edge.txt").normalize().getParent();

  /** The rest of the line by the name that begins it. */
  private static Map<String, String> truth() throws IOException {
    Map<String, String> lines = new LinkedHashMap<>();
    for (String line : Files.readAllLines(FOLDER.resolve("edge.txt"))) {
      String[] parts = line.split("\t", 2);
      lines.put(parts[0], parts[1]);
    }
    return lines;
  }

  private static String describe(WeightArray array) {
    return array.dtype()
        + "\t"
        + array.shape()
        + "\t"
        + HexFormat.of().formatHex(Golden.bytes(array));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void pickledByPython3(int protocol) throws IOException {
    Map<String, String> truth = truth();
    try (WeightStore store = WeightStore.open(FOLDER.resolve("edge_p" + protocol + ".npy"))) {
      assertThat(store.names()).containsExactlyElementsOf(truth.keySet());
      for (String name : store.names()) {
        assertThat(describe(store.get(name))).as(name).isEqualTo(truth.get(name));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"python2_p0.npy", "python2_p1.npy", "python2_p2.npy"})
  void pickledByPython2(String file) throws IOException {
    Map<String, String> truth = truth();
    try (WeightStore store = WeightStore.open(FOLDER.resolve(file))) {
      assertThat(store.names())
          .hasSize(22)
          .contains("little_f4", "list[0]", "list[1]", "indexed[1]", "python_int", "global_step");
      for (String name : store.names()) {
        assertThat(describe(store.get(name))).as(name).isEqualTo(truth.get(name));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"stored.npz", "deflated.npz"})
  void archives(String file) throws IOException {
    Map<String, String> truth = truth();
    try (WeightStore store = WeightStore.open(FOLDER.resolve(file))) {
      assertThat(store.names()).hasSize(60).contains("little_c16", "empty", "caf\u00e9");
      for (String name : store.names()) {
        assertThat(describe(store.get(name))).as(name).isEqualTo(truth.get(name));
      }
    }
  }
}
