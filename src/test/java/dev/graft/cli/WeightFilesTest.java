package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.cli.manifest.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightFilesTest {
  @TempDir private Path folder;

  private Path touch(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m.ckpt",
        "m.ckpt.index",
        "m.ckpt.data-00000-of-00002",
        "m.ckpt.data-00001-of-00002"
      })
  void aCheckpointHasAllFilesOfItsPrefix(String given) throws IOException {
    touch("m.ckpt.index");
    Path shard = touch("m.ckpt.data-00000-of-00002");
    touch("m.ckpt.data-00001-of-00002");
    touch("m.ckpt2.index");
    touch("m.ckpt.meta");
    Path path = folder.resolve(given);
    assertThat(WeightFiles.of(path).keySet())
        .containsExactly(
            "m.ckpt.data-00000-of-00002", "m.ckpt.data-00001-of-00002", "m.ckpt.index");
    assertThat(WeightFiles.wouldReplace(path, List.of(shard))).isTrue();
    assertThat(WeightFiles.wouldReplace(path, List.of(folder.resolve("m.ckpt2.index")))).isFalse();
  }

  @Test
  void anOldShardedCheckpointToo() throws IOException {
    touch("m-00000-of-00002");
    touch("m-00001-of-00002");
    touch("m");
    assertThat(WeightFiles.of(folder.resolve("m-00001-of-00002")).keySet())
        .containsExactly("m-00000-of-00002", "m-00001-of-00002");
    assertThat(WeightFiles.of(folder.resolve("m")).keySet())
        .containsExactly("m", "m-00000-of-00002", "m-00001-of-00002");
  }

  @Test
  void aFolderHasAllFilesInIt() throws IOException {
    Path file = touch("w/a/b.npy");
    touch("w/c.npy");
    assertThat(WeightFiles.of(folder.resolve("w")).keySet()).containsExactly("a/b.npy", "c.npy");
    assertThat(WeightFiles.wouldReplace(folder.resolve("w"), List.of(file))).isTrue();
    assertThat(WeightFiles.wouldReplace(folder.resolve("w/new.npz"), List.of(file))).isFalse();
    assertThat(WeightFiles.wouldReplace(folder.resolve("w/../w/a/b.npy"), List.of(file))).isTrue();
  }

  @Test
  void whatIsNotThereHasNoFiles() {
    assertThat(WeightFiles.of(folder.resolve("no/where.npz"))).isEmpty();
    assertThat(WeightFiles.of(Path.of("nowhere-at-all.npz"))).isEmpty();
  }
}
