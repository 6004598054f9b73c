package dev.graft.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.graft.weights.ContainerWriter;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightFormat;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.WeightWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every container that a tool or Graft wrote, cut and with flipped bits: cut it is malformed;
 * flipped it is read or refused with a weights exception.
 */
class MutationTest {
  private static final int BODY_CUTS = 200;
  private static final int CUTS_OF_A_FILE = 64;
  private static final int MAX_FLIPS = 200;
  private static final int MIN_FLIPS = 40;

  /** Large files get fewer flips: bytes of one file that are read in all. */
  private static final int FLIPPED_BYTES = 8 << 20;

  /** Cut between two fields, such a file is a whole, smaller one; its format's own test counts. */
  private static final Set<String> WITHOUT_END_MARK = Set.of("caffe");

  /** A shard of nothing but elements has no header that a flip could break. */
  private static final String ELEMENTS_ONLY = ".data-00000-of-00001";

  /** A folder for each container that is written, with a file or files of it. */
  @TempDir static Path written;

  @TempDir(factory = MemoryDisk.class)
  Path folder;

  @BeforeAll
  static void write() throws IOException {
    Path tries = Files.createDirectory(written.resolve("tries"));
    for (ContainerWriter writer : WeightWriter.containers()) {
      Path own = Files.createDirectory(written.resolve(writer.name()));
      Map<String, WeightArray> arrays =
          Samples.ofEachDtype(writer, Files.createDirectory(tries.resolve(writer.name())));
      Path destination = own.resolve("store" + Samples.extension(writer));
      writer.write(destination, WeightStores.of(arrays, "sample"), bytes -> {});
    }
  }

  static List<Path> containers() {
    List<Path> containers = new ArrayList<>(Resources.wholeContainers());
    for (ContainerWriter writer : WeightWriter.containers()) {
      containers.addAll(Resources.files(written.resolve(writer.name())));
    }
    return containers;
  }

  private Specimen specimen(Path original) {
    Path root = Resources.ROOTS.stream().filter(original::startsWith).findFirst().orElse(written);
    return Specimen.of(root, original, folder);
  }

  @ParameterizedTest
  @MethodSource("containers")
  void isReadWhole(Path original) {
    assertThat(Reading.refusal(specimen(original).entrance())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("containers")
  void aCutFileIsMalformed(Path original) throws IOException {
    Specimen specimen = specimen(original);
    byte[] bytes = Files.readAllBytes(original);
    int count = 0;
    for (int length : cuts(bytes)) {
      // Cutting a file takes the longer the more often it has been mapped.
      boolean anew = count++ % CUTS_OF_A_FILE == 0;
      Path cut = anew ? specimen.with(Arrays.copyOf(bytes, length)) : specimen.cutTo(length);
      try (WeightStore store = WeightStore.open(cut)) {
        // What is checked only where it is used, such as a checksum, shows here.
        Reading.touch(store);
        if (WITHOUT_END_MARK.contains(WeightFormat.of(specimen.entrance()).name())) {
          continue;
        }
        fail("cut to %d bytes, it is read", length);
      } catch (MalformedWeightsException e) {
        assertThat(e.getMessage()).contains(folder.toString());
      } catch (RuntimeException e) {
        fail("cut to " + length + " bytes", e);
      }
    }
  }

  /** Lengths, the longest first. */
  private static List<Integer> cuts(byte[] bytes) {
    Random random = new Random(1);
    IntStream body = IntStream.generate(() -> random.nextInt(bytes.length)).limit(BODY_CUTS);
    return IntStream.concat(HeaderBytes.of(bytes), body)
        .distinct()
        .boxed()
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("containers")
  void aFlippedBitIsHarmless(Path original) throws IOException {
    Specimen specimen = specimen(original);
    byte[] bytes = Files.readAllBytes(original);
    int refused = 0;
    for (int at : flips(bytes)) {
      byte before = bytes[at];
      bytes[at] ^= (byte) (1 << (at % Byte.SIZE));
      try {
        refused += Reading.refusal(specimen.with(bytes)).isPresent() ? 1 : 0;
      } catch (RuntimeException | Error e) {
        fail("bit flipped in byte " + at, e);
      }
      bytes[at] = before;
    }
    if (!original.toString().endsWith(ELEMENTS_ONLY)) {
      assertThat(refused).isPositive();
    }
  }

  private static int[] flips(byte[] bytes) {
    Random random = new Random(2);
    int[] header = HeaderBytes.of(bytes).toArray();
    IntStream inHeader = IntStream.generate(() -> header[random.nextInt(header.length)]);
    IntStream inBody = IntStream.generate(() -> random.nextInt(bytes.length));
    int count = Math.max(MIN_FLIPS, Math.min(MAX_FLIPS, FLIPPED_BYTES / bytes.length));
    return IntStream.concat(inHeader.limit(count * 2 / 3), inBody.limit(count / 3)).toArray();
  }
}
