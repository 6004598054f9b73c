package dev.graft.weights.safetensors;

import static dev.graft.weights.safetensors.SafetensorsFiles.bytes;
import static dev.graft.weights.safetensors.SafetensorsFiles.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.Golden;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.OtherEntry;
import dev.graft.weights.TestFiles;
import dev.graft.weights.UnsafeWeightsException;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightFormat;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardedSafetensorsFormatTest {
  private static final String INDEX = "m.safetensors.index.json";
  private static final String VALID =
      "{\"metadata\":{\"total_size\":6,\"by\":\"hand\",\"tied\":false},\n"
          + " \"weight_map\":{\"b\":\"2.safetensors\",\"a\":\"1.safetensors\",\"c\":\"2.safetensors\"}}";

  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void shards() throws IOException {
    folder = Files.createDirectory(temporary.resolve("model"));
    TestFiles.write(folder, "1.safetensors", file("{" + bytes("a", 0, 2) + "}", 2));
    TestFiles.write(
        folder, "2.safetensors", file("{" + bytes("c", 2, 4) + "," + bytes("b", 0, 2) + "}", 4));
  }

  private Path index(String content) {
    return TestFiles.write(folder, INDEX, content);
  }

  private void assertRefused(
      String index, Class<? extends WeightsException> type, String... messageParts) {
    Path file = index(index);
    assertThatThrownBy(() -> WeightStore.open(file))
        .isInstanceOf(type)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContainingAll(messageParts);
  }

  private void assertMalformed(String index, String... messageParts) {
    assertRefused(index, MalformedWeightsException.class, messageParts);
  }

  @Test
  void theIndexOrItsFolder() {
    Path index = index(VALID);
    for (Path path : new Path[] {index, folder}) {
      assertThat(WeightFormat.of(path).name()).isEqualTo("sharded safetensors");
      WeightArray array;
      try (WeightStore store = WeightStore.open(path)) {
        assertThat(store.source()).isEqualTo(index.toString());
        assertThat(store.names()).containsExactly("b", "a", "c");
        assertThat(Golden.bytes(store.get("a"))).containsExactly(0, 1);
        assertThat(Golden.bytes(store.get("c"))).containsExactly(2, 3);
        array = store.get("b");
        assertThat(array.region().orElseThrow().file()).isEqualTo(folder.resolve("2.safetensors"));
        assertThat(store.others())
            .containsExactly(
                new OtherEntry("total_size", "number", "6"),
                new OtherEntry("by", "string", "\"hand\""),
                new OtherEntry("tied", "constant", "false"));
      }
      assertThatThrownBy(() -> Golden.bytes(array)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void knownByContent() {
    Path file = TestFiles.write(folder, "renamed.txt", VALID);
    assertThat(WeightFormat.of(file).name()).isEqualTo("sharded safetensors");
    Path other = TestFiles.write(folder, "other.json", "{\"weights\":{}}");
    assertThatThrownBy(() -> WeightFormat.of(other)).hasMessageContaining("unknown content");
  }

  @Test
  void twoIndexesInAFolder() {
    index(VALID);
    TestFiles.write(folder, "n.safetensors.index.json", VALID);
    assertThatThrownBy(() -> WeightStore.open(folder))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessage(
            folder
                + ": the folder has 2 safetensors indexes, expected one: m.safetensors.index.json,"
                + " n.safetensors.index.json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "../1.safetensors",
        "/etc/passwd",
        "sub/1.safetensors",
        "..\\\\1.safetensors",
        "C:1.safetensors",
        "1.safetensors\\u0000",
      })
  void shardsOutsideTheFolder(String shard) {
    assertRefused(
        "{\"weight_map\":{\"a\":\"" + shard + "\"}}",
        UnsafeWeightsException.class,
        "tensor \"a\" is to be read from",
        "expected the plain name of a file in the same folder");
  }

  @Test
  void linksOutOfTheFolder() throws IOException {
    Path outside = TestFiles.write(temporary, "x", file("{" + bytes("a", 0, 2) + "}", 2));
    Files.createSymbolicLink(folder.resolve("link"), outside);
    assertRefused(
        "{\"weight_map\":{\"a\":\"link\"}}",
        UnsafeWeightsException.class,
        "the shard \"link\" is a link that leaves the folder");
    Files.createSymbolicLink(folder.resolve("inside"), folder.resolve("1.safetensors"));
    try (WeightStore store = WeightStore.open(index("{\"weight_map\":{\"a\":\"inside\"}}"))) {
      assertThat(Golden.bytes(store.get("a"))).containsExactly(0, 1);
    }
  }

  /** Download caches keep all files in one folder, under their hashes, and link to them. */
  @Test
  void linksToWhereTheIndexLies() throws IOException {
    Path blobs = Files.createDirectory(temporary.resolve("blobs"));
    Path snapshot = Files.createDirectory(temporary.resolve("snapshot"));
    Files.move(index(VALID), blobs.resolve("0"));
    Files.move(folder.resolve("1.safetensors"), blobs.resolve("1"));
    Files.move(folder.resolve("2.safetensors"), blobs.resolve("2"));
    Files.createSymbolicLink(snapshot.resolve(INDEX), blobs.resolve("0"));
    Files.createSymbolicLink(snapshot.resolve("1.safetensors"), blobs.resolve("1"));
    Files.createSymbolicLink(snapshot.resolve("2.safetensors"), Path.of("../blobs/2"));
    try (WeightStore store = WeightStore.open(snapshot)) {
      assertThat(store.names()).containsExactly("b", "a", "c");
    }
  }

  @Test
  void shardsThatAreNone() throws IOException {
    assertMalformed("{\"weight_map\":{\"a\":\"3\"}}", "the shard \"3\" is not there");
    Files.createDirectory(folder.resolve("sub"));
    assertMalformed("{\"weight_map\":{\"a\":\"sub\"}}", "the shard \"sub\" is no regular file");
    Path broken = TestFiles.write(folder, "broken", file("{" + bytes("a", 0, 2) + "}", 1));
    Path index = index("{\"weight_map\":{\"a\":\"broken\"}}");
    assertThatThrownBy(() -> WeightStore.open(index))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessageStartingWith(broken + ": truncated");
  }

  @Test
  void indexAndShardsDiffer() {
    assertMalformed(
        "{\"weight_map\":{\"a\":\"1.safetensors\",\"c\":\"1.safetensors\",\"b\":\"2.safetensors\"}}",
        "the index and its shards differ: \"c\" is not in \"1.safetensors\"; \"c\" of"
            + " \"2.safetensors\" is not listed for it");
    StringBuilder many = new StringBuilder("{\"weight_map\":{\"a\":\"1.safetensors\"");
    for (int i = 0; i < 30; i++) {
      many.append(",\"x").append(i).append("\":\"1.safetensors\"");
    }
    assertMalformed(many + "}}", "\"x19\" is not in", "; and 10 more");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'weight_map':{},'weight_map':{}} | the index has the key \"weight_map\" twice",
        "{'weight_map':{'a':'1','a':'1'}} | the index has the key \"a\" twice",
        "{'weight_map':{},'metadata':{},'metadata':{}} | the index has the key \"metadata\" twice",
        "{'weight_map':{},'extra':1} | the index has the unknown key \"extra\"",
        "{'metadata':{'weight_map':1}} | the index has no key \"weight_map\"",
        "{'weight_map':{'a':1}} | broken JSON",
        "{'weight_map':['a']} | broken JSON",
        "{'weight_map':{}} x | something after the index's object",
        "{'weight_map':{},'metadata':{'a':[]}} | no JSON value",
        "{'weight_map':{},'metadata':{'a':nul}} | no JSON value: \"nul\"",
        "{'weight_map':{ | broken JSON",
      },
      quoteCharacter = '~')
  void brokenIndexes(String index, String message) {
    assertMalformed(index.replace('\'', '"'), message);
  }
}
