package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.weights.DType;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.WeightWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckTest {
  @TempDir private Path folder;

  private Path changed(Consumer<Map<String, WeightArray>> change) {
    Path file = folder.resolve("changed.npy");
    try (WeightStore store = WeightStore.open(Graft.golden("tensorflow_vgg_p4.npy"))) {
      Map<String, WeightArray> arrays = Graft.arrays(store);
      change.accept(arrays);
      WeightWriter.write(file, WeightStores.of(arrays, "changed"));
    }
    return file;
  }

  private static Graft.Result check(Path file) {
    return Graft.run("check", file, "--map", "tensorflow-vgg16");
  }

  @ParameterizedTest
  @CsvSource({
    "weights.npz, graft",
    "slim_py3.npy, slim-vgg16",
    "tensorflow_vgg_p0.npy, tensorflow-vgg16",
    "tensorflow_vgg_py3.npy, tensorflow-vgg16"
  })
  void acceptsTheReferencesForTheClassifier(String file, String table) {
    Graft.Result result =
        Graft.run("check", Graft.golden(file), "--map", table, "--model", "vgg16");
    assertThat(result.code()).as(result.out() + result.err()).isZero();
    assertThat(result.out())
        .contains("32 arrays mapped, 0 excluded, 0 problems")
        .endsWith("valid\n");
  }

  @Test
  void findsAMissingArray() {
    Graft.Result result = check(changed(arrays -> arrays.remove("conv3_2[1]")));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).containsPattern("error +missing +vgg16/conv3_2/bias");
  }

  @Test
  void findsAnUnexpectedArray() {
    Graft.Result result =
        check(changed(arrays -> arrays.put("conv6_1[0]", WeightArrays.of(new float[1], 1))));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).containsPattern("error +unexpected +conv6_1");
  }

  @Test
  void findsValuesThatAreNotFinite() {
    Graft.Result result =
        check(
            changed(
                arrays -> {
                  float[] bias = WeightArrays.floats(arrays.get("conv2_1[1]"));
                  bias[3] = Float.NaN;
                  arrays.put("conv2_1[1]", WeightArrays.of(bias, bias.length));
                }));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).containsPattern("error +non-finite +vgg16/conv2_1/bias");
  }

  @Test
  void findsFloat64AndSwappedShapesTogether() {
    Graft.Result result =
        check(
            changed(
                arrays -> {
                  WeightArray kernel = arrays.get("conv4_1[0]");
                  ByteBuffer doubles =
                      ByteBuffer.allocateDirect((int) kernel.shape().elementCount() * 8);
                  arrays.put("conv4_1[0]", WeightArrays.of(DType.FLOAT64, kernel.shape(), doubles));
                  long[] d = arrays.get("fc8[0]").shape().dims();
                  float[] values = WeightArrays.floats(arrays.get("fc8[0]"));
                  arrays.put("fc8[0]", WeightArrays.of(values, d[1], d[0]));
                }));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out())
        .containsPattern("error +dtype +vgg16/conv4_1/kernel")
        .containsPattern("error +s[a-z]+ +vgg16/fc8/kernel");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void saysItAsJsonToo() throws IOException {
    Path file = changed(arrays -> arrays.remove("fc7[0]"));
    Graft.Result result = Graft.run("check", file, "--map", "tensorflow-vgg16", "--json");
    assertThat(result.code()).isEqualTo(1);
    JsonNode json = new ObjectMapper().readTree(result.out());
    assertThat(json.get("valid").asBoolean()).isFalse();
    assertThat(json.get("findings").findValuesAsText("kind")).contains("missing");
    assertThat(json.get("findings").findValuesAsText("name")).contains("vgg16/fc7/kernel");
    assertThat(json.get("mapped")).hasSize(31);
  }

  @Test
  void leavesTheHeadToTheTraining() {
    Object[] args = {
      "check",
      Graft.golden("slim_py3.npy"),
      "--map",
      "slim-vgg16",
      "--model",
      "fcn8s",
      "--exclude",
      "vgg16/fc8"
    };
    Graft.Result missing = Graft.run(args);
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.out()).contains("Only the head is missing", "--init fcn8s");

    Object[] more = java.util.Arrays.copyOf(args, args.length + 2);
    more[args.length] = "--init";
    more[args.length + 1] = "fcn8s";
    Graft.Result initialised = Graft.run(more);
    assertThat(initialised.code()).as(initialised.out()).isZero();
  }

  @Test
  void seesThatTheClassesAreOthers() {
    Graft.Result result =
        Graft.run(
            "check",
            Graft.golden("weights.npz"),
            "--map",
            "graft",
            "--model",
            "vgg16",
            "--classes",
            7);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out())
        .contains("vgg16/fc8/bias: expected the shape [7], found [10]")
        .endsWith("not valid\n");
  }

  @Test
  void refusesAScopeThatMatchesNothing() {
    Graft.Result result =
        Graft.run("check", Graft.golden("weights.npz"), "--map", "graft", "--exclude", "vgg16/fc9");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).contains("no-match", "vgg16/fc9");
  }

  @Test
  void namesAllProblemsOfATable() throws IOException {
    Path table = folder.resolve("my.table");
    Files.writeString(table, "vgg16/a w identity\nvgg16/b v transpose_all 3,3\n");
    Graft.Result result = Graft.run("check", Graft.golden("weights.npz"), "--map", table);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("my.table", "transpose_all");
  }
}
