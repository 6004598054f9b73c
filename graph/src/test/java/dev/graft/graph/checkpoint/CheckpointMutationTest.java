package dev.graft.graph.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.capi.DataType;
import dev.graft.capi.Tensor;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Broken checkpoints: whatever is in a file, it is read, or refused with an exception that names
 * it; TensorFlow's reader, which ends the process at much that it does not expect, never sees it.
 *
 * <p>{@link #main} does the same for any number of seeds in a process of its own.
 */
class CheckpointMutationTest {
  private static final int SEEDS = 200;
  private static final int ALL_CUTS = 100;

  @TempDir Path folder;

  private static final class Fuzz {
    private final Path folder;
    private final Mutator bundle;
    private final Mutator table;
    final Map<String, Integer> outcomes = new TreeMap<>();
    final List<String> byTensorFlow = new ArrayList<>();

    Fuzz(Path folder) throws IOException {
      this.folder = folder;
      Path v2 = folder.resolve("v2");
      Saved.v2Slices(v2, samples());
      bundle = new Mutator(folder.resolve("v2.index"));
      Path v1 = folder.resolve("v1");
      Saved.v1Slices(v1, samples());
      table = new Mutator(v1);
    }

    private static Saved.Slice[] samples() {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      tensors.put("conv/kernel", Saved.random(DataType.FLOAT, 1, 3, 3, 2, 4));
      tensors.put("conv/bias", Saved.random(DataType.FLOAT, 2, 4));
      tensors.put("global_step", Tensor.of(12345L));
      tensors.put("half", Saved.random(DataType.HALF, 3, 5));
      tensors.put("flags", Saved.random(DataType.BOOL, 4, 3));
      tensors.put("labels", Tensor.of(new String[] {"cat", "dog"}));
      tensors.put("graph", Tensor.of("\n\u0005node"));
      Saved.Slice[] slices = new Saved.Slice[tensors.size() + 2];
      int i = 0;
      for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
        slices[i++] = new Saved.Slice(tensor.getKey(), "", tensor.getValue());
      }
      slices[i++] = new Saved.Slice("parted", "5 2 0,2:-", Saved.random(DataType.FLOAT, 5, 2, 2));
      slices[i] = new Saved.Slice("parted", "5 2 2,3:-", Saved.random(DataType.FLOAT, 6, 3, 2));
      return slices;
    }

    void run(long seed) throws IOException {
      bundle.write(folder.resolve("v2.index"), seed);
      open(folder.resolve("v2"), folder.resolve("v2.index"));
      // Under a new name: the file before may still be mapped.
      Path file = folder.resolve("v1-" + seed);
      table.write(file, seed);
      open(file, file);
      Files.delete(file);
    }

    private void open(Path path, Path file) {
      String outcome = "read";
      try (WeightStore store = new CheckpointFormat().open(path)) {
        for (String name : store.names()) {
          outcome = read(store.get(name)) ? outcome : "read, but for an array";
        }
      } catch (MalformedWeightsException e) {
        assertThat(e.getMessage()).startsWith(path.toString());
        outcome = "refused";
        if (e.getMessage().contains("TensorFlow's reader")) {
          outcome = "refused by TensorFlow";
          byTensorFlow.add(e.getMessage());
        }
      }
      String version = path == file ? "V1 " : "V2 ";
      outcomes.merge(version + outcome, 1, Integer::sum);
    }

    private static boolean read(WeightArray array) {
      try {
        array.read(0, ByteBuffer.allocate((int) array.byteSize()));
        return true;
      } catch (MalformedWeightsException e) {
        return false;
      }
    }
  }

  /** Arguments: the first seed and how many. */
  public static void main(String[] args) throws IOException {
    long first = Long.parseLong(args[0]);
    long count = Long.parseLong(args[1]);
    Fuzz fuzz = new Fuzz(Files.createTempDirectory("graft-fuzz-"));
    long slowest = 0;
    for (long seed = first; seed < first + count; seed++) {
      if (args.length > 2) {
        System.out.println(seed);
      }
      long start = System.nanoTime();
      fuzz.run(seed);
      slowest = Math.max(slowest, System.nanoTime() - start);
    }
    fuzz.byTensorFlow.forEach(System.out::println);
    System.out.println(fuzz.outcomes + ", slowest " + slowest / 1_000_000 + " ms");
  }

  @Test
  void brokenTablesAreHarmless() throws IOException {
    Fuzz fuzz = new Fuzz(folder);
    for (int seed = 0; seed < SEEDS; seed++) {
      fuzz.run(seed);
    }
    assertThat(fuzz.outcomes.keySet()).contains("V1 read", "V1 refused", "V2 read", "V2 refused");
  }

  @Test
  void cutFilesAreRefused() throws IOException {
    new Fuzz(folder);
    byte[] index = Files.readAllBytes(folder.resolve("v2.index"));
    byte[] table = Files.readAllBytes(folder.resolve("v1"));
    byte[] data = Files.readAllBytes(folder.resolve("v2.data-00000-of-00001"));
    for (int i = 0; i < ALL_CUTS; i++) {
      assertRefused("a" + i, index.length * i / ALL_CUTS, index, data);
      assertRefused("b" + i, index.length, index, Arrays.copyOf(data, i % data.length));
      Path file = folder.resolve("c" + i);
      Files.write(file, Arrays.copyOf(table, table.length * i / ALL_CUTS));
      assertRefused(file);
    }
  }

  private void assertRefused(String name, int length, byte[] index, byte[] data)
      throws IOException {
    Files.write(folder.resolve(name + ".index"), Arrays.copyOf(index, length));
    Files.write(folder.resolve(name + ".data-00000-of-00001"), data);
    assertRefused(folder.resolve(name));
  }

  private static void assertRefused(Path path) {
    assertThatThrownBy(() -> new CheckpointFormat().open(path).close())
        .as(path.toString())
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessageStartingWith(path.toString());
  }
}
