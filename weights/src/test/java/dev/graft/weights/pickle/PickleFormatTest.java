package dev.graft.weights.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.Golden;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.TestFiles;
import dev.graft.weights.UnsafeWeightsException;
import dev.graft.weights.WeightFormat;
import dev.graft.weights.WeightStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PickleFormatTest {
  @TempDir Path folder;

  private Path write(String pickle) {
    return TestFiles.write(folder, "a.pkl", pickle);
  }

  @Test
  void beginningsWithoutAProtocol() {
    String[] beginnings = {"(dp0\n", "}q\0", "ccollections\nOrderedDict\n)R", "\u0080\u0002}"};
    for (String beginning : beginnings) {
      Path file = write(beginning + "U\u0001x" + Pickles.sample() + "s.");
      assertThat(WeightFormat.of(file).name()).isEqualTo("pickle");
      try (WeightStore store = WeightStore.open(file)) {
        assertThat(Golden.bytes(store.get("x"))).containsExactly(1, 2);
      }
    }
  }

  @Test
  void onlyDictionariesOfNumpyArrays() {
    Path list = write("\u0080\u0002].");
    assertThatThrownBy(() -> WeightStore.open(list))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessage(list + ": the file holds a list, expected a dictionary of arrays");
    Path torch = write("\u0080\u0002ctorch._utils\n_rebuild_tensor_v2\n.");
    assertThatThrownBy(() -> WeightStore.open(torch))
        .isInstanceOf(UnsafeWeightsException.class)
        .hasMessage(
            torch
                + ": refused: the pickle wants to load \"torch._utils._rebuild_tensor_v2\", at byte"
                + " 2; only numpy's arrays are read");
  }
}
