package dev.graft.containers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.weights.ContainerWriter;
import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.WeightsException;
import dev.graft.weights.io.Printable;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Writes arrays in a container and reads them back. */
final class WriteRead {
  /** Enough of a name to know it again in a message, which cuts long ones. */
  private static final int KNOWN_CHARS = 20;

  private final ContainerWriter writer;
  private final Path folder;

  /**
   * Writes into an empty folder.
   *
   * @param folder used up by one {@link #accepts}
   */
  WriteRead(ContainerWriter writer, Path folder) {
    this.writer = writer;
    this.folder = folder;
  }

  /**
   * An array and how it is held before it is written.
   *
   * @param seed of its bits
   */
  record Sample(
      String name, DType dtype, Shape shape, long seed, boolean bigEndian, boolean fortran) {
    /** Its elements in C order and little-endian. */
    byte[] bits() {
      return Samples.bits(dtype, shape, seed);
    }

    /** The same under a name that this container takes. */
    Sample namedFor(ContainerWriter writer) {
      return new Sample(Samples.name(writer, name), dtype, shape, seed, bigEndian, fortran);
    }

    WeightArray array() {
      return bigEndian || fortran
          ? Samples.stored(dtype, shape, bits(), bigEndian, fortran)
          : Samples.array(dtype, shape, bits());
    }

    @Override
    public String toString() {
      return Printable.of(name)
          + " "
          + dtype
          + " "
          + shape
          + (bigEndian ? " big-endian" : "")
          + (fortran ? " fortran" : "");
    }
  }

  /**
   * Whether the container takes these arrays. Where it does, they are read back bit for bit, and
   * written again they make the same bytes; where it does not, it says which it minds and leaves
   * nothing behind.
   */
  boolean accepts(List<Sample> samples) throws IOException {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    samples.forEach(sample -> arrays.put(sample.name(), sample.array()));
    WeightStore store = WeightStores.of(arrays, "samples");
    String name = "store" + Samples.extension(writer);
    Path first = Files.createDirectories(folder.resolve("first")).resolve(name);
    try {
      writer.write(first, store, bytes -> {});
    } catch (WeightsException e) {
      assertThat(e.getMessage()).matches(m -> mentions(m, samples), "names what is refused");
      assertThat(first.getParent()).isEmptyDirectory();
      return false;
    }
    assertThat(tree(first.getParent()).keySet()).allMatch(path -> path.startsWith("store"));
    readBack(first, samples);
    Path second = Files.createDirectories(folder.resolve("second")).resolve(name);
    writer.write(second, store, bytes -> {});
    assertThat(tree(second.getParent())).isEqualTo(tree(first.getParent()));
    assertThat(folder).isDirectoryNotContaining(path -> !isOurs(path));
    return true;
  }

  private static boolean isOurs(Path path) {
    String name = path.getFileName().toString();
    return name.equals("first") || name.equals("second");
  }

  private static boolean mentions(String message, List<Sample> samples) {
    return samples.isEmpty()
        || samples.stream()
            .anyMatch(
                sample -> {
                  String key = sample.name().replaceFirst("(?s)(.)\\[.*", "$1");
                  String shown = Printable.of(key);
                  int end = Math.min(shown.lastIndexOf('"'), KNOWN_CHARS);
                  return message.contains(sample.dtype().toString())
                      || message.contains(shown.substring(1, end));
                });
  }

  private static void readBack(Path path, List<Sample> samples) {
    try (WeightStore store = WeightStore.open(path)) {
      assertThat(store.names())
          .containsExactlyInAnyOrderElementsOf(samples.stream().map(Sample::name).toList());
      for (Sample sample : samples) {
        WeightArray array = store.get(sample.name());
        assertThat(array.dtype()).as("%s", sample).isEqualTo(sample.dtype());
        assertThat(array.shape()).as("%s", sample).isEqualTo(sample.shape());
        ByteBuffer bytes = ByteBuffer.allocate((int) array.byteSize());
        array.read(0, bytes);
        assertThat(bytes.array()).as("%s", sample).isEqualTo(sample.bits());
      }
    }
  }

  /** The files below a folder by their path in it, with a digest of their bytes. */
  private static Map<String, String> tree(Path folder) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    MessageDigest sha256;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String path = folder.relativize(file).toString();
        tree.put(path, new BigInteger(1, sha256.digest(Files.readAllBytes(file))).toString(16));
      }
    }
    return tree;
  }
}
