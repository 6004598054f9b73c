package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.WeightWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerifyTest {
  @TempDir private Path folder;
  private Path file;
  private Path manifest;

  @BeforeEach
  void convert() {
    file = folder.resolve("out.npz");
    manifest = folder.resolve("out.npz.manifest.json");
    Graft.Result result =
        Graft.run(
            "convert",
            Graft.golden("slim_py3.npy"),
            file,
            "--from",
            "slim-vgg16",
            "--exclude",
            "vgg16/fc8",
            "--manifest");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).endsWith("out.npz.manifest.json\n");
  }

  private void change(Path target, Consumer<Map<String, WeightArray>> change) {
    try (WeightStore store = WeightStore.open(file)) {
      Map<String, WeightArray> arrays = Graft.arrays(store);
      change.accept(arrays);
      WeightWriter.write(target, WeightStores.of(arrays, "changed"));
    }
  }

  @Test
  void theManifestSaysHowItWasMade() throws IOException {
    JsonNode json = new ObjectMapper().readTree(manifest.toFile());
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "manifest", "tool", "source", "from", "to", "options", "arrays", "destination");
    assertThat(json.at("/tool").asText()).isEqualTo("graft " + Version.graft());
    assertThat(json.at("/source/files/0/size").asLong())
        .isEqualTo(Files.size(Graft.golden("slim_py3.npy")));
    assertThat(json.at("/source/files/0/sha256").asText())
        .isEqualTo("4f99d5728ce7e034ad3590e6bb6595e48274ab9acc705b48505600e21231de55");
    assertThat(json.at("/from/name").asText()).isEqualTo("slim-vgg16");
    assertThat(json.at("/from/sha256").asText()).hasSize(64);
    assertThat(json.at("/to").isNull()).isTrue();
    assertThat(json.at("/options").toString())
        .isEqualTo("{\"dtype\":null,\"only\":[],\"exclude\":[\"vgg16/fc8\"]}");
    assertThat(json.at("/arrays")).hasSize(30);
    assertThat(json.at("/arrays/0").toString())
        .matches(
            "\\{\"name\":\"vgg16/conv1_1/kernel\",\"dtype\":\"float32\",\"shape\":\\[3,3,3,8],"
                + "\"sha256\":\"[0-9a-f]{64}\"}");
    assertThat(json.at("/destination/format").asText()).isEqualTo("npz");
    assertThat(json.at("/destination/files/0/name").asText()).isEqualTo("out.npz");
  }

  @Test
  void theSameWorkMakesTheSameManifest() throws IOException {
    byte[] first = Files.readAllBytes(manifest);
    Files.delete(manifest);
    convert();
    assertThat(manifest).hasBinaryContent(first);
  }

  @Test
  void acceptsTheFileAlsoUnderAnotherName() throws IOException {
    for (Path same : new Path[] {file, Files.copy(file, folder.resolve("renamed"))}) {
      Graft.Result result = Graft.run("verify", same, manifest);
      assertThat(result.code()).as(result.out()).isZero();
      assertThat(result.out()).isEqualTo(same + ": 30 arrays are as the manifest says\n");
    }
  }

  @Test
  void comparesOnlyArraysOfAnotherContainer() {
    Path other = folder.resolve("other.npy");
    assertThat(Graft.run("convert", file, other).code()).isZero();
    Graft.Result result = Graft.run("verify", other, manifest);
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("the container is dictionary npy, not npz", "only arrays were compared");
  }

  @Test
  void listsEveryDeviation() {
    Path other = folder.resolve("changed.npz");
    change(
        other,
        arrays -> {
          arrays.remove("vgg16/fc6/bias");
          arrays.put("vgg16/fc7/bias", WeightArrays.of(new float[32], 32));
          arrays.put("vgg16/conv1_1/bias", WeightArrays.of(new float[8], 2, 4));
          arrays.put("vgg16/conv1_2/bias", WeightArrays.of(7L));
          arrays.put("new\u001b[2J", WeightArrays.of(new float[1], 1));
        });
    Graft.Result result = Graft.run("verify", other, manifest);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains(
            "file changed.npz: has ",
            "array vgg16/fc6/bias: is missing",
            "array vgg16/fc7/bias: SHA-256 is ",
            "array vgg16/conv1_1/bias: shape is [2, 4], expected [8]",
            "array vgg16/conv1_2/bias: dtype is int64, expected float32",
            "array new\\u001b[2J: is not in the manifest",
            ": 7 deviations");
    assertThat(Graft.run("verify", other, manifest, "--arrays-only").out())
        .doesNotContain("file changed.npz: has");
  }

  @Test
  void findsASingleBit() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[5000] ^= 1;
    Files.write(file, bytes);
    Graft.Result result = Graft.run("verify", file, manifest);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).contains("file out.npz: SHA-256 is ");
  }

  @Test
  void aPlainArrayHasNoNameOfItsOwn() throws IOException {
    Path one = folder.resolve("one.npy");
    WeightWriter.writePlain(one, WeightArrays.of(new float[] {1, 2}, 2), bytes -> {});
    Path two = folder.resolve("two.npy");
    assertThat(Graft.run("convert", one, two, "--manifest").code()).isZero();
    Path renamed = Files.move(two, folder.resolve("three.npy"));
    Graft.Result result = Graft.run("verify", renamed, folder.resolve("two.npy.manifest.json"));
    assertThat(result.out()).isEqualTo(renamed + ": 1 array is as the manifest says\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nonsense | Unrecognized token
          {} | version 1 is read
          {"manifest": 2} | version 1 is read
          {"manifest": 1, "tool": "x"} | 'source' is missing
          {"manifest": 1, "tool": ["x"]} | Cannot deserialize
          {"manifest": 1, "wrong": 1} | 'tool' is missing
          [[[[ | no manifest
          null | it holds null
          """)
  void refusesWhatIsNoManifest(String text, String message) throws IOException {
    Files.writeString(manifest, text);
    Graft.Result result = Graft.run("verify", file, manifest);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("out.npz.manifest.json: is no manifest: ", message);
    assertThat(result.err().lines()).hasSize(1);
  }

  @Test
  void saysThatThereIsNoManifest() {
    Graft.Result result = Graft.run("verify", file, folder.resolve("nowhere.json"));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("nowhere.json", "no such file");
  }
}
