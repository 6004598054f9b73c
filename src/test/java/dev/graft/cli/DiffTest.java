package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.weights.DType;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightStores;
import dev.graft.weights.WeightWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffTest {
  @TempDir private Path folder;
  private Path a;

  @BeforeEach
  void writeTheFirst() {
    a = write("a.npz", arrays());
  }

  private static Map<String, WeightArray> arrays() {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    arrays.put("w", WeightArrays.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
    arrays.put("b", WeightArrays.of(new float[] {0, Float.NaN}, 2));
    return arrays;
  }

  private Path write(String name, Map<String, WeightArray> arrays) {
    WeightWriter.write(folder.resolve(name), WeightStores.of(arrays, name));
    return folder.resolve(name);
  }

  @Test
  void theSameArraysInAnotherContainerAreTheSame() {
    Graft.Result result = Graft.run("diff", a, write("b.npy", arrays()));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).isEqualTo("same: 2 of 2 arrays are bit-equal\n");
  }

  @Test
  void everyKindOfDifferenceIsNamed() throws IOException {
    Map<String, WeightArray> others = arrays();
    others.put("w", WeightArrays.of(new float[] {1, 2, 3, 4, 7, 6.5f}, 2, 3));
    others.put("extra", WeightArrays.of(7L));
    Map<String, WeightArray> more = arrays();
    more.put("shape", WeightArrays.of(new float[] {1, 2}, 2));
    more.put("type", WeightArrays.of(new float[] {1, 2.5f}, 2));
    more.put("gone", WeightArrays.of(new float[] {1}, 1));
    others.put("shape", WeightArrays.of(new float[] {1, 2}, 1, 2));
    others.put(
        "type", WeightArrays.cast(WeightArrays.of(new float[] {1, 2.25f}, 2), DType.FLOAT16));
    Path first = write("first.npz", more);
    Path second = write("second.npz", others);
    Graft.Result result = Graft.run("diff", first, second);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines().skip(2).map(line -> line.replaceAll(" {2,}", "  ")))
        .containsExactly(
            "w  float32  [2, 3]  2  2  [1, 1]  values differ",
            "shape  float32  [2] / [1, 2]  shapes differ",
            "type  float32 / float16  [2]  1  0.25  [1]  dtypes differ",
            "gone  float32  [1]  only in A",
            "extra  int64  []  only in B",
            "different: 1 of 6 arrays are bit-equal");

    JsonNode json = new ObjectMapper().readTree(Graft.run("diff", first, second, "--json").out());
    assertThat(json.get("same").asBoolean()).isFalse();
    assertThat(json.get("arrays")).hasSize(6);
    assertThat(json.get("arrays").get(0).toString())
        .isEqualTo(
            "{\"name\":\"w\",\"verdict\":\"different\",\"same\":false,\"dtype_a\":\"float32\","
                + "\"dtype_b\":\"float32\",\"shape_a\":[2,3],\"shape_b\":[2,3],\"differing\":2,"
                + "\"beyond_tolerance\":2,\"largest_difference\":2.0,\"at\":[1,1]}");
  }

  @Test
  void aToleranceMakesThemTheSame() {
    Map<String, WeightArray> others = arrays();
    others.put("w", WeightArrays.of(new float[] {1, 2, 3, 4, 5.5f, 6}, 2, 3));
    Path b = write("b.npz", others);
    for (String[] options : new String[][] {{"--tolerance", "0.5"}, {"--relative", "0.1"}}) {
      Graft.Result result = Graft.run("diff", a, b, options[0], options[1]);
      assertThat(result.code()).isZero();
      assertThat(result.out()).contains("within tolerance", "same: 1 of 2");
    }
    assertThat(Graft.run("diff", a, b, "--tolerance", "0.4").code()).isEqualTo(1);
  }

  @Test
  void anInfiniteDifferenceIsNoNumberInJson() {
    Map<String, WeightArray> others = arrays();
    others.put("b", WeightArrays.of(new float[] {0, 1}, 2));
    Path b = write("b.npz", others);
    assertThat(Graft.run("diff", a, b, "--tolerance", "1e30").out()).contains("inf");
    assertThat(Graft.run("diff", a, b, "--json").out())
        .contains("\"largest_difference\" : \"inf\"");
  }

  @Test
  void comparesInGraphNamesAndLayout() {
    Graft.Result result =
        Graft.run(
            "diff",
            Graft.golden("slim_py3.npy"),
            Graft.golden("tensorflow_vgg_p2.npy"),
            "--map-a",
            "slim-vgg16",
            "--map-b",
            "tensorflow-vgg16");
    assertThat(result.out()).isEqualTo("same: 32 of 32 arrays are bit-equal\n");
    Graft.Result both =
        Graft.run(
            "diff",
            Graft.golden("tensorflow_vgg_p0.npy"),
            Graft.golden("tensorflow_vgg_py3.npy"),
            "--map",
            "tensorflow-vgg16");
    assertThat(both.code()).isZero();
  }

  @Test
  void aFileThatCannotBeReadPrintsNothingButItsMessage() {
    for (Object[] args :
        new Object[][] {
          {"diff", a, folder.resolve("nowhere.npz")},
          {"diff", a, a, "--map", "slim-vgg16", "--json"}
        }) {
      Graft.Result result = Graft.run(args);
      assertThat(result.code()).isEqualTo(1);
      assertThat(result.out()).isEmpty();
      assertThat(result.err()).startsWith("graft: ").doesNotContain("\tat ");
    }
  }
}
