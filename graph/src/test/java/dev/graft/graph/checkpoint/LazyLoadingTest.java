package dev.graft.graph.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.WeightWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TensorFlow is loaded when a checkpoint is opened, and for nothing else. */
class LazyLoadingTest {
  private static final String TENSORFLOW = "org.tensorflow.internal.c_api.global.tensorflow ";

  @TempDir Path folder;

  /** Opens a file, in a process of its own. */
  public static void main(String[] args) {
    try (WeightStore store = WeightStore.open(Path.of(args[0]))) {
      System.out.println(store.names());
    }
  }

  private static String classesLoadedToOpen(Path path) throws IOException {
    String classPath =
        Optional.ofNullable(System.getProperty("surefire.test.class.path"))
            .orElse(System.getProperty("java.class.path"));
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xlog:class+load",
                "-cp",
                classPath,
                LazyLoadingTest.class.getName(),
                path.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    byte[] output = process.getInputStream().readAllBytes();
    return new String(output, StandardCharsets.UTF_8);
  }

  @Test
  void onlyACheckpointLoadsTensorFlow() throws IOException {
    WeightStore store =
        WeightStores.of(Map.of("x", WeightArrays.of(new float[] {1, 2}, 2)), "test");
    Path npz = folder.resolve("x.npz");
    WeightWriter.write(npz, store);
    Path checkpoint = folder.resolve("x.ckpt");
    WeightWriter.write(checkpoint, store);
    assertThat(classesLoadedToOpen(npz))
        .contains("[x]", CheckpointFormat.class.getName())
        .doesNotContain("org.tensorflow", "org.bytedeco", "dev.graft.capi");
    assertThat(classesLoadedToOpen(checkpoint)).contains("[x]", TENSORFLOW);
  }
}
