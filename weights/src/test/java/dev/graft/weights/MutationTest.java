package dev.graft.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cut and flipped files: whatever happens to a file, reading it is right or a weights exception.
 */
class MutationTest {
  private static final int HEADER = 128;
  private static final int CUTS = 200;
  private static final int FLIPS = 300;

  @TempDir Path folder;

  private static byte[] original(String name) throws IOException {
    return Files.readAllBytes(Golden.file("../" + name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "edge/edge_p0.npy",
        "edge/edge_p2.npy",
        "edge/edge_p4.npy",
        "edge/edge_p5.npy",
        "edge/python2_p0.npy",
        "edge/python2_p2.npy",
        "edge/stored.npz",
        "edge/deflated.npz",
        "edge/all_dtypes.safetensors",
        "edge/torch_zip.pth",
        "edge/torch_deflated.pth",
        "edge/torch_legacy.pth",
        "edge/torch_tar.tar",
        "edge/torch_script.pt",
        "edge/numpy_p2.pkl",
        "edge/numpy_p5.pkl",
      })
  void aCutFileIsMalformed(String name) throws IOException {
    byte[] whole = original(name);
    Random random = new Random(1);
    for (int i = 0; i < HEADER + CUTS; i++) {
      int length = i < HEADER ? i : HEADER + random.nextInt(whole.length - HEADER);
      // A new file each time: a mapped one must not be truncated, and the disk would be waited for.
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
        "edge/edge_p0.npy",
        "edge/edge_p2.npy",
        "edge/edge_p4.npy",
        "edge/edge_p5.npy",
        "edge/python2_p1.npy",
        "edge/stored.npz",
        "edge/deflated.npz",
        "edge/all_dtypes.safetensors",
        "edge/torch_zip.pth",
        "edge/torch_deflated.pth",
        "edge/torch_legacy.pth",
        "edge/torch_tar.tar",
        "edge/torch_script.pt",
        "edge/numpy_p2.pkl",
        "edge/numpy_p5.pkl",
      })
  void aFlippedBitIsHarmless(String name) throws IOException {
    byte[] bytes = original(name);
    Random random = new Random(2);
    int opened = 0;
    for (int i = 0; i < FLIPS; i++) {
      int at = i < HEADER ? i : random.nextInt(bytes.length);
      byte before = bytes[at];
      bytes[at] ^= (byte) (1 << random.nextInt(8));
      Path file = TestFiles.write(folder, "flipped" + i, bytes);
      try (WeightStore store = WeightStore.open(file)) {
        readAll(store);
        opened++;
      } catch (WeightsException e) {
        assertThat(e.getMessage()).startsWith(file + ": ");
      } catch (RuntimeException | Error e) {
        fail("bit flipped in byte " + at, e);
      }
      bytes[at] = before;
    }
    assertThat(opened).isPositive().isLessThan(FLIPS);
  }

  private static void readAll(WeightStore store) {
    for (String name : store.names()) {
      WeightArray array = store.get(name);
      ByteBuffer piece = ByteBuffer.allocate((int) Math.min(array.byteSize(), 4096));
      array.read(0, piece);
    }
  }
}
