package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InspectTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "weights.npz, vgg16/fc6/kernel, '[7, 7, 24, 32]', 150528, npz",
    "head.npz, fcn8s/upscore8/kernel, '[16, 16, 3, 3]', 9216, npz",
    "slim_py3.npy, vgg_16/fc6/weights:0, '[7, 7, 24, 32]', 150528, dictionary npy",
    "tensorflow_vgg_p0.npy, fc6[0], '[1176, 32]', 150528, dictionary npy",
    "tensorflow_vgg_p2.npy, fc6[0], '[1176, 32]', 150528, dictionary npy",
    "tensorflow_vgg_p4.npy, fc6[0], '[1176, 32]', 150528, dictionary npy",
    "tensorflow_vgg_p5.npy, fc6[0], '[1176, 32]', 150528, dictionary npy",
    "tensorflow_vgg_py3.npy, fc6[0], '[1176, 32]', 150528, dictionary npy"
  })
  void showsEveryArray(String file, String name, String shape, long bytes, String format)
      throws IOException {
    Path path = Graft.golden(file);
    Graft.Result table = Graft.run("inspect", path);
    assertThat(table.code()).isZero();
    String row = table.out().lines().filter(line -> line.startsWith(name)).findFirst().orElse("");
    assertThat(row.split("\\s{2,}")).containsExactly(name, "float32", shape, Long.toString(bytes));
    assertThat(table.out().lines().reduce((a, b) -> b).orElse("")).contains(format, " arrays, ");

    JsonNode json = new ObjectMapper().readTree(Graft.run("inspect", path, "--json").out());
    long total = 0;
    for (JsonNode array : json.get("arrays")) {
      total += array.get("bytes").asLong();
      if (array.get("name").asText().equals(name)) {
        assertThat(array.get("dtype").asText()).isEqualTo("float32");
        assertThat(array.get("bytes").asLong()).isEqualTo(bytes);
        assertThat(array.get("shape").toString()).isEqualTo(shape.replace(" ", ""));
      }
    }
    assertThat(json.get("total_bytes").asLong()).isEqualTo(total).isPositive();
  }

  @Test
  void showsStatisticsOfTheChosenArrays() throws IOException {
    Path file = Graft.golden("head.npz");
    Graft.Result result = Graft.run("inspect", file, "--stats", "--only", "*/score_fr");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out().lines().map(line -> line.replaceAll(" {2,}", "  ")).skip(2))
        .startsWith(
            "fcn8s/score_fr/kernel  float32  [1, 1, 32, 3]  384  -0.0679901  0.0524789"
                + "  -0.00213644  0.0250346  0  e26fd50c70f0");
    JsonNode json =
        new ObjectMapper().readTree(Graft.run("inspect", file, "--stats", "--json").out());
    JsonNode array = json.get("arrays").get(0);
    assertThat(array.fieldNames())
        .toIterable()
        .containsExactly(
            "name",
            "dtype",
            "shape",
            "bytes",
            "min",
            "max",
            "mean",
            "std",
            "non_finite",
            "zeros",
            "sha256");
    assertThat(array.get("sha256").asText()).startsWith("e26fd50c70f0").hasSize(64);
    assertThat(json.get("others")).isEmpty();
  }

  @Test
  void refusesAChoiceThatMatchesNothing() {
    Graft.Result result = Graft.run("inspect", Graft.golden("head.npz"), "--only", "nope*");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("--only nope* matches no array of");
  }

  @Test
  void saysThatAFileIsNotThere() {
    Graft.Result result = Graft.run("inspect", folder.resolve("nowhere.npy"));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("nowhere.npy", "no such file").doesNotContain("\tat ");
  }

  @Test
  void showsTheStackTraceOnlyIfAsked() {
    Graft.Result result = Graft.run("--verbose", "inspect", folder.resolve("nowhere.npy"));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("\tat dev.graft.");
  }

  @Test
  void saysWhereAFileIsCut() throws IOException {
    byte[] whole = Files.readAllBytes(Graft.golden("slim_py3.npy"));
    Path cut = Files.write(folder.resolve("cut.npy"), Arrays.copyOf(whole, whole.length / 2));
    Graft.Result result = Graft.run("inspect", cut);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("cut.npy", Integer.toString(whole.length / 2));
    assertThat(result.err().lines()).hasSize(1);
  }

  @Test
  void refusesAHostilePickle() throws IOException {
    byte[] header =
        "\u0093NUMPY\1\0v\0{'descr': '|O', 'fortran_order': False, 'shape': (), }"
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    byte[] file = Arrays.copyOf(header, 128 + 64);
    Arrays.fill(file, header.length, 127, (byte) ' ');
    file[127] = '\n';
    byte[] pickle =
        "cos\nsystem\n(S'true'\ntR.".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    System.arraycopy(pickle, 0, file, 128, pickle.length);
    Path hostile =
        Files.write(folder.resolve("hostile.npy"), Arrays.copyOf(file, 128 + pickle.length));
    Graft.Result result = Graft.run("inspect", hostile);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("hostile.npy", "os.system");
  }
}
