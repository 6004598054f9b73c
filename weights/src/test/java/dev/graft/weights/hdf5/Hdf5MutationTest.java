package dev.graft.weights.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.TestFiles;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightsException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cut and changed files: reading them is right or a weights exception, and never a loop. */
class Hdf5MutationTest {
  private static final int HEADER = 128;
  private static final int CUTS = 200;
  private static final int CHANGES = 160;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"keras2.h5", "latest.h5"})
  void aCutFileIsMalformed(String name) {
    byte[] whole = Hdf5Files.bytes(name);
    Random random = new Random(1);
    for (int i = 0; i < HEADER + CUTS; i++) {
      int length = i < HEADER ? i : HEADER + random.nextInt(whole.length - HEADER);
      Path file = TestFiles.write(folder, "cut" + i, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> WeightStore.open(file))
          .as("cut to %d bytes", length)
          .isInstanceOf(MalformedWeightsException.class)
          .hasMessageStartingWith(file + ": ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "keras2.h5",
        "model.h5",
        "dtypes.h5",
        "chunked.h5",
        "latest.h5",
      })
  void aChangedByteIsHarmless(String name) {
    byte[] bytes = Hdf5Files.bytes(name);
    Random random = new Random(2);
    int opened = 0;
    for (int i = 0; i < CHANGES; i++) {
      int at = i < HEADER ? i : structure(bytes, random);
      byte before = bytes[at];
      bytes[at] = (byte) (random.nextBoolean() ? before ^ (1 << random.nextInt(8)) : -1);
      Path file = TestFiles.write(folder, "changed" + i, bytes);
      try (WeightStore store = WeightStore.open(file)) {
        readAll(store);
        opened++;
      } catch (WeightsException e) {
        assertThat(e.getMessage()).startsWith(file + ": ");
      } catch (RuntimeException | Error e) {
        fail("byte " + at + " changed", e);
      }
      bytes[at] = before;
    }
    assertThat(opened).isPositive().isLessThan(CHANGES);
  }

  /** A place that is not in the middle of unused space. */
  private static int structure(byte[] bytes, Random random) {
    int at;
    do {
      at = random.nextInt(bytes.length);
    } while (bytes[at] == 0);
    return at;
  }

  private static void readAll(WeightStore store) {
    for (String name : store.names()) {
      WeightArray array = store.get(name);
      ByteBuffer piece = ByteBuffer.allocate((int) Math.min(array.byteSize(), 4096));
      array.read(0, piece);
    }
  }
}
