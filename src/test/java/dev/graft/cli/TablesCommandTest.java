package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.mapping.NameMapping;
import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightStores;
import dev.graft.weights.WeightWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablesCommandTest {
  @TempDir private Path folder;

  @Test
  void listsAllBundledTablesWithTheirPurpose() throws IOException {
    String list = Graft.run("tables").out();
    JsonNode json = new ObjectMapper().readTree(Graft.run("tables", "--json").out());
    assertThat(json).hasSameSizeAs(NameMapping.bundledNames());
    int at = 0;
    for (String name : NameMapping.bundledNames()) {
      assertThat(list).contains("\n" + name + " ");
      JsonNode entry = json.get(at++);
      assertThat(entry.get("table").asText()).isEqualTo(name);
      assertThat(entry.get("rows").asInt()).isPositive();
      assertThat(entry.get("for").asText()).isNotBlank().doesNotEndWith(".");
    }
  }

  @Test
  void printsATableThatCanBeReadAgain() throws IOException {
    Path mine = folder.resolve("my.table");
    Files.writeString(mine, Graft.run("tables", "slim-vgg16").out());
    assertThat(NameMapping.parse(mine).graphNames())
        .isEqualTo(NameMapping.bundled("slim-vgg16").graphNames());
    assertThat(Graft.run("tables", mine).out()).isEqualTo(Files.readString(mine));
  }

  @Test
  void suggestsTheTableOfAFile() throws IOException {
    Path file = Graft.golden("slim_py3.npy");
    Graft.Result result = Graft.run("tables", "--suggest", file);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out().lines().toList().get(2)).startsWith("slim-vgg16");
    assertThat(result.out()).endsWith("graft check " + file + " --map slim-vgg16\n");
    JsonNode json =
        new ObjectMapper().readTree(Graft.run("tables", "--suggest", file, "--json").out());
    assertThat(json.get(0).get("table").asText()).isEqualTo("slim-vgg16");
    assertThat(json.get(0).get("fits").asBoolean()).isTrue();
    assertThat(json.get(0).get("matched").asInt()).isEqualTo(32);
  }

  @Test
  void saysThatNoTableHasItsNames() {
    Path file = folder.resolve("x.npz");
    WeightWriter.write(
        file, WeightStores.of(Map.of("x", WeightArrays.of(new float[] {1}, 1)), "x"));
    Graft.Result result = Graft.run("tables", "--suggest", file);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).contains("no bundled table has a name of " + file);
  }

  @Test
  void checkPointsToTheSuggestions() {
    Path file = Graft.golden("slim_py3.npy");
    assertThat(Graft.run("check", file, "--map", "tensorflow-vgg16").out())
        .contains("'graft tables --suggest " + file + "'");
    assertThat(Graft.run("check", file, "--map", "slim-vgg16").out()).doesNotContain("--suggest");
  }
}
