package dev.graft.containers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.weights.ContainerWriter;
import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.WeightWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What Graft writes is read, bit for bit, by the tool that owns the format, and the other way
 * round, where a Python with that tool is installed; where not, the test says so and is aborted.
 */
class RoundTripTest {
  @TempDir Path folder;

  static Stream<String> containers() {
    return WeightWriter.containers().stream().map(ContainerWriter::name);
  }

  @ParameterizedTest
  @MethodSource("containers")
  void isReadByItsOwner(String container) throws IOException, InterruptedException {
    ContainerWriter writer = WeightWriter.container(container);
    Map<String, WeightArray> arrays =
        Samples.ofEachDtype(writer, Files.createDirectory(folder.resolve("tries")));
    List<Shape> shapes = List.of(Shape.of(), Shape.of(5), Shape.of(3, 3, 2, 4));
    for (Shape shape : shapes) {
      String name = Samples.name(writer, "shape_" + shape.rank() + "/kernel");
      byte[] bits = Samples.bits(DType.FLOAT32, shape, 7);
      arrays.put(name, Samples.array(DType.FLOAT32, shape, bits));
    }
    Path destination = folder.resolve("store" + Samples.extension(writer));
    writer.write(destination, WeightStores.of(arrays, "sample"), bytes -> {});
    List<String> lines = new ArrayList<>();
    arrays.forEach((name, array) -> lines.add(truth(name, array)));
    Path truth = Files.write(folder.resolve("truth.txt"), lines);

    List<String> answer =
        Python.roundTrip(folder, "check", container, destination.toString(), truth.toString());
    answer.forEach(System.out::println);
    assertThat(answer).contains(container + ": " + arrays.size() + " arrays are equal");
  }

  private static String truth(String name, WeightArray array) {
    ByteBuffer bytes = ByteBuffer.allocate((int) array.byteSize());
    array.read(0, bytes);
    String hex = HexFormat.of().formatHex(bytes.array());
    return String.join("\t", name, array.dtype().toString(), array.shape().toString(), hex);
  }

  @ParameterizedTest
  @ValueSource(strings = {"numpy", "torch", "h5py", "safetensors"})
  void whatToolsWriteIsRead(String tool) throws IOException, InterruptedException {
    List<String> containers = containers().toList();
    int read = 0;
    for (String line : Python.roundTrip(folder, "make", tool, folder.toString())) {
      String[] parts = line.split("\t");
      if (containers.contains(parts[1])) {
        assertEqualsTruth(folder.resolve(parts[0]));
        read++;
      } else {
        System.out.println("NOT RUN: " + parts[0] + ": there is no container " + parts[1]);
      }
    }
    System.out.println(tool + ": " + read + " files are read");
  }

  private static void assertEqualsTruth(Path file) throws IOException {
    Map<String, String> expected = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file.resolveSibling(file.getFileName() + ".truth"))) {
      expected.put(line.substring(0, line.indexOf('\t')), line);
    }
    try (WeightStore store = WeightStore.open(file)) {
      Map<String, String> found = new LinkedHashMap<>();
      for (String name : store.names()) {
        found.put(name, truth(name, store.get(name)));
      }
      assertThat(found).as("%s", file).isEqualTo(expected);
      assertThat(found).hasSizeGreaterThan(10);
    }
  }
}
