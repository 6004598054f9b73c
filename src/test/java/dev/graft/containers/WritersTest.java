package dev.graft.containers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.containers.WriteRead.Sample;
import dev.graft.weights.ContainerWriter;
import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/**
 * Every container that is written gives back the same bits, whatever the names, dtypes, shapes and
 * orders, or says what it cannot hold; and it can hold what people have.
 */
class WritersTest {
  private static final List<String> ORDINARY_NAMES =
      List.of("kernel", "vgg16/conv1_1/kernel", "conv1_1_W", "block1/conv-2/bias", "a/b/c/d/e");

  private static final List<String> NAMES =
      List.of(
          "features.0.weight",
          "vgg_16/conv1/conv1_1/weights:0",
          "conv1_1[0]",
          "conv1_1[1]",
          "conv1_1[12]",
          "conv1_1",
          "a[b]",
          "caf\u00e9",
          "\u91cd\u307f/\u5c64",
          "\ud83d\ude00",
          "with space",
          " leading",
          "trailing ",
          "Kernel",
          "KERNEL",
          "kernel.npy",
          "store",
          "n".repeat(200),
          "deep/".repeat(30) + "name");

  private static final List<String> EVIL_NAMES =
      List.of(
          "",
          ".",
          "..",
          "../escaped",
          "/escaped",
          "a/../../../escaped",
          "a//b",
          "a/",
          "\\escaped",
          "C:\\escaped",
          "nul",
          "a\0b",
          "line\nbreak",
          "\u001b[2J",
          "\ud800",
          "\udc00\ud800",
          "\uffff",
          "x[0][0]",
          "x[-1]",
          "[0]",
          "x[99999999999]",
          "__metadata__",
          "n".repeat(1100),
          "n".repeat(70_000),
          "\u00e9".repeat(600),
          "deep/".repeat(600) + "name");

  private static final List<Shape> SHAPES =
      List.of(
          Shape.of(),
          Shape.of(1),
          Shape.of(7),
          Shape.of(2, 3),
          Shape.of(3, 3, 3, 4),
          Shape.of(2, 1, 3, 1, 2),
          Shape.of(0),
          Shape.of(0, 3),
          Shape.of(2, 0, 3));

  private Path folder;

  @BeforeTry
  void makeFolder() throws IOException {
    folder = MemoryDisk.newFolder();
  }

  @AfterTry
  void removeFolder() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Provide
  Arbitrary<ContainerWriter> writers() {
    return Arbitraries.of(WeightWriter.containers());
  }

  @Provide
  Arbitrary<List<Sample>> stores() {
    Arbitrary<String> name =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.of(ORDINARY_NAMES)),
            Tuple.of(6, Arbitraries.of(NAMES)),
            Tuple.of(1, Arbitraries.of(EVIL_NAMES)),
            Tuple.of(1, Arbitraries.strings().ofMaxLength(8)));
    Arbitrary<Shape> shape =
        Arbitraries.of(0L, 1L, 2L, 3L, 5L).array(long[].class).ofMaxSize(5).map(Shape::of);
    return Combinators.combine(
            name,
            Arbitraries.of(DType.class),
            shape,
            Arbitraries.longs(),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false))
        .as(Sample::new)
        .list()
        .uniqueElements(Sample::name)
        .ofMinSize(1)
        .ofMaxSize(5);
  }

  @Property(tries = 400, seed = "1", shrinking = ShrinkingMode.BOUNDED)
  void giveBackTheSameBits(
      @ForAll("writers") ContainerWriter writer, @ForAll("stores") List<Sample> samples)
      throws IOException {
    accepts(writer, samples.stream().map(sample -> sample.namedFor(writer)).toList());
  }

  private boolean accepts(ContainerWriter writer, List<Sample> samples) throws IOException {
    Path own = Files.createTempDirectory(folder, "case");
    return new WriteRead(writer, own).accepts(samples);
  }

  /** Nothing above would fail for a writer that refuses everything. */
  @Example
  void takeWhatPeopleHave() throws IOException {
    for (ContainerWriter writer : WeightWriter.containers()) {
      String w = Samples.name(writer, "w");
      List<DType> dtypes =
          taken(writer, List.of(DType.values()), dtype -> sample(w, dtype, Shape.of(2, 3)));
      assertThat(dtypes)
          .as("dtypes of %s", writer.name())
          .contains(DType.FLOAT32, DType.FLOAT64, DType.FLOAT16, DType.INT32, DType.INT64)
          .hasSizeGreaterThanOrEqualTo(9);
      List<Shape> shapes = taken(writer, SHAPES, shape -> sample(w, DType.FLOAT32, shape));
      assertThat(shapes).as("shapes of %s", writer.name()).containsAll(SHAPES.subList(0, 6));
      Function<String, Sample> named =
          name -> sample(Samples.name(writer, name), DType.FLOAT32, Shape.of(2));
      assertThat(taken(writer, ORDINARY_NAMES, named))
          .as("names in %s", writer.name())
          .isEqualTo(ORDINARY_NAMES);
      assertThat(taken(writer, NAMES, named))
          .as("names in %s", writer.name())
          .hasSizeGreaterThan(NAMES.size() / 2);
      taken(writer, EVIL_NAMES, named);
    }
  }

  private static Sample sample(String name, DType dtype, Shape shape) {
    return new Sample(name, dtype, shape, 1, false, false);
  }

  private <T> List<T> taken(ContainerWriter writer, List<T> choices, Function<T, Sample> sample)
      throws IOException {
    List<T> taken = new ArrayList<>();
    for (T choice : choices) {
      if (accepts(writer, List.of(sample.apply(choice)))) {
        taken.add(choice);
      }
    }
    return taken;
  }

  @Example
  void noArraysAtAllAreRefusedOrGivenBack() throws IOException {
    for (ContainerWriter writer : WeightWriter.containers()) {
      accepts(writer, List.of());
    }
  }

  @Example
  void allArraysOfANetworkTogether() throws IOException {
    for (ContainerWriter writer : WeightWriter.containers()) {
      List<Sample> samples = new ArrayList<>();
      for (int layer = 0; layer < 16; layer++) {
        String name = "net/layer" + layer;
        samples.add(sample(name + "/kernel", DType.FLOAT32, Shape.of(3, 3, layer + 1, 4)));
        samples.add(sample(name + "/bias", DType.FLOAT32, Shape.of(4)));
      }
      samples.replaceAll(sample -> sample.namedFor(writer));
      assertThat(accepts(writer, samples)).as(writer.name()).isTrue();
    }
  }
}
