package dev.graft.graph.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.capi.Tensor;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightFormat;
import dev.graft.weights.WeightStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What leads to a checkpoint: its prefix, any of its files, its folder. */
class CheckpointPathsTest {
  @TempDir Path folder;

  private static void assertOpens(Path path, String... names) {
    assertThat(WeightFormat.of(path).name()).isEqualTo("tensorflow checkpoint");
    try (WeightStore store = WeightStore.open(path)) {
      assertThat(store.names()).containsExactlyInAnyOrder(names);
      for (String name : names) {
        assertThat(WeightArrays.floats(store.get(name))).hasSize(2);
      }
    }
  }

  private static void assertRefused(Path path, String message) {
    assertThatThrownBy(() -> WeightStore.open(path))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessageStartingWith(path.toString())
        .hasMessageContaining(message);
  }

  private static Map<String, Tensor> one(String name) {
    return Map.of(name, Tensor.of(new float[] {1, 2}));
  }

  private Path merged() {
    Path prefix = folder.resolve("m.ckpt-3");
    Saved.v2(folder.resolve("part0"), one("a"));
    Saved.v2(folder.resolve("part1"), one("b"));
    Saved.merge(prefix, folder.resolve("part0"), folder.resolve("part1"));
    return prefix;
  }

  private Path sharded() {
    Path prefix = folder.resolve("s.ckpt");
    Saved.v1(folder.resolve("s.ckpt-00000-of-00002"), one("a"));
    Saved.v1(folder.resolve("s.ckpt-00001-of-00002"), one("b"));
    return prefix;
  }

  @Test
  void bundleOfTwoShards() {
    Path prefix = merged();
    assertOpens(prefix, "a", "b");
    assertOpens(folder.resolve("m.ckpt-3.index"), "a", "b");
    assertOpens(folder.resolve("m.ckpt-3.data-00000-of-00002"), "a", "b");
    assertOpens(folder.resolve("m.ckpt-3.data-00001-of-00002"), "a", "b");
    assertOpens(folder, "a", "b");
  }

  @Test
  void tablesOfTwoShards() {
    Path prefix = sharded();
    assertOpens(prefix, "a", "b");
    assertOpens(folder.resolve("s.ckpt-00001-of-00002"), "a", "b");
    assertOpens(folder, "a", "b");
  }

  @Test
  void aFolderThatLooksLikeARunsCheckpoint() throws IOException {
    // As in a SavedModel: the names of a run's checkpoint, but no run around it.
    Path variables = Files.createDirectory(folder.resolve("variables"));
    Saved.v2(variables.resolve("variables"), one("dense/weights"));
    assertOpens(variables, "dense/weights");
  }

  @Test
  void aBrokenIndex() throws IOException {
    Files.writeString(folder.resolve("x.index"), "x".repeat(100));
    assertRefused(folder.resolve("x"), "to be 0");
  }

  @Test
  void aV1FileHasAnyName() throws IOException {
    Saved.v1(folder.resolve("v"), one("a"));
    Path renamed = Files.move(folder.resolve("v"), folder.resolve("vgg.npz"));
    assertOpens(renamed, "a");
    assertOpens(folder, "a");
  }

  @Test
  void namesThatArePatternsToTensorFlow() throws IOException {
    Path odd = Files.createDirectory(folder.resolve("a[1]*?\\"));
    Saved.v1(folder.resolve("v"), one("a"));
    Files.move(folder.resolve("v"), odd.resolve("v [2].ckpt"));
    assertOpens(odd.resolve("v [2].ckpt"), "a");
    Path v1 = sharded();
    Path sharded = odd.resolve("s[0]");
    for (String end : new String[] {"-00000-of-00002", "-00001-of-00002"}) {
      Files.move(Path.of(v1 + end), Path.of(sharded + end));
    }
    assertOpens(sharded, "a", "b");
    Saved.v2(folder.resolve("w"), one("c"));
    Files.move(folder.resolve("w.index"), odd.resolve("w[].index"));
    Files.move(folder.resolve("w.data-00000-of-00001"), odd.resolve("w[].data-00000-of-00001"));
    assertOpens(odd.resolve("w[]"), "c");
  }

  @Test
  void aFileAndAPrefixOfTheSameName() {
    Saved.v1(folder.resolve("x"), one("old"));
    Saved.v2(folder.resolve("x"), one("new"));
    assertOpens(folder.resolve("x"), "old");
    assertOpens(folder.resolve("x.index"), "new");
  }

  @Test
  void aFolderOfSeveral() throws IOException {
    Saved.v2(folder.resolve("model.ckpt-1"), one("a"));
    Saved.v2(folder.resolve("model.ckpt-20"), one("b"));
    Saved.v1(folder.resolve("old.ckpt"), one("c"));
    String list = "; name one: model.ckpt-1, model.ckpt-20, old.ckpt";
    assertRefused(folder, ": has 3 checkpoints and no file \"checkpoint\" names the latest" + list);
    Path state = folder.resolve("checkpoint");
    String all = "all_model_checkpoint_paths: \"model.ckpt-20\"\n";
    Files.writeString(state, "model_checkpoint_path: \"model.ckpt-1\"\n" + all);
    assertOpens(folder, "a");
    Files.writeString(
        state, "model_checkpoint_path: \"" + folder.resolve("old\\056ckpt") + "\"\n" + all);
    assertOpens(folder, "c");
    Files.writeString(state, "model_checkpoint_path: \"/elsewhere/model.ckpt-1\"\n");
    assertRefused(
        folder,
        "its file \"checkpoint\" names \"/elsewhere/model.ckpt-1\", not one of them" + list);
    Files.writeString(state, "model_checkpoint_path: \"../model.ckpt-1\"\n");
    assertRefused(folder, "names \"../model.ckpt-1\", not one of them");
    Files.writeString(state, "model_checkpoint_path: \"\u0000\\");
    assertRefused(folder, "not one of them");
  }

  @Test
  void aFolderWithoutOne() throws IOException {
    Files.writeString(folder.resolve("checkpoint"), "model_checkpoint_path: \"x\"\n");
    assertRefused(folder, "is a folder, but not one that holds weights");
  }

  @Test
  void whatIsMissing() throws IOException {
    Path prefix = merged();
    Files.delete(folder.resolve("m.ckpt-3.data-00001-of-00002"));
    assertThatThrownBy(() -> WeightStore.open(prefix))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessage(
            prefix + ".index: its data shard m.ckpt-3.data-00001-of-00002, one of 2, is not there");
    Path shard = folder.resolve("m.ckpt-3.data-00000-of-00002");
    Files.delete(folder.resolve("m.ckpt-3.index"));
    assertRefused(shard, "unknown content");
    assertThatThrownBy(() -> WeightStore.open(prefix))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(prefix + ": there is no such file");
    Path sharded = sharded();
    Files.delete(folder.resolve("s.ckpt-00000-of-00002"));
    assertThatThrownBy(() -> WeightStore.open(sharded))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessage(sharded + "-00000-of-00002: expected the checkpoint's file 0 of 2 here");
    Saved.v1(folder.resolve("s.ckpt-00000-of-00001"), one("a"));
    assertRefused(sharded, "begins the names of several checkpoints, of [1, 2] files");
  }

  @Test
  void anIndexUnderAnotherName() throws IOException {
    Saved.v2(folder.resolve("x"), one("a"));
    Path renamed = Files.move(folder.resolve("x.index"), folder.resolve("x.idx"));
    assertRefused(renamed, "has to be called PREFIX.index");
  }
}
