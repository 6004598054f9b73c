package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.weights.DType;
import dev.graft.weights.OtherEntry;
import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightFormat;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvertTest {
  @TempDir private Path folder;

  private static void assertSame(Path actual, Path expected) {
    Map<String, float[]> wanted = Graft.values(expected);
    Map<String, float[]> found = Graft.values(actual);
    assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(wanted.keySet());
    wanted.forEach((name, values) -> assertThat(found.get(name)).as(name).isEqualTo(values));
    assertThat(Graft.shapes(actual)).isEqualTo(Graft.shapes(expected));
  }

  private Path convert(Path source, String name, Object... options) {
    Path destination = folder.resolve(name);
    Object[] args = new Object[3 + options.length];
    args[0] = "convert";
    args[1] = source;
    args[2] = destination;
    System.arraycopy(options, 0, args, 3, options.length);
    Graft.Result result = Graft.run(args);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains(name, " arrays, ");
    return destination;
  }

  @Test
  void changesTheContainerAlone() {
    Path dictionary = convert(Graft.golden("weights.npz"), "a.npy");
    assertThat(WeightFormat.of(dictionary).name()).isEqualTo("dictionary npy");
    assertSame(dictionary, Graft.golden("weights.npz"));
    assertSame(convert(dictionary, "b.npz"), Graft.golden("weights.npz"));
  }

  @ParameterizedTest
  @CsvSource({
    "slim_py3.npy, slim-vgg16",
    "tensorflow_vgg_p0.npy, tensorflow-vgg16",
    "tensorflow_vgg_p2.npy, tensorflow-vgg16"
  })
  void goesToGraphNamesAndBack(String file, String table) {
    Path graph = convert(Graft.golden(file), "graph.npz", "--from", table);
    assertSame(graph, Graft.golden("weights.npz"));
    Path back = convert(graph, "back.npy", "--to", table);
    Map<String, float[]> original = Graft.values(Graft.golden(file));
    Map<String, float[]> returned = Graft.values(back);
    assertThat(returned).hasSameSizeAs(original);
    original.forEach(
        (name, values) ->
            assertThat(returned.get(name.replace(":0", ""))).as(name).isEqualTo(values));
  }

  @Test
  void goesFromOneTableToAnother() {
    Path file =
        convert(
            Graft.golden("slim_py3.npy"),
            "tf.npy",
            "--from",
            "slim-vgg16",
            "--to",
            "tensorflow-vgg16",
            "--exclude",
            "vgg16/fc8");
    Map<String, float[]> expected = Graft.values(Graft.golden("tensorflow_vgg_p4.npy"));
    expected.keySet().removeIf(name -> name.startsWith("fc8"));
    Map<String, float[]> found = Graft.values(file);
    assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    expected.forEach((name, values) -> assertThat(found.get(name)).as(name).isEqualTo(values));
  }

  @Test
  void keepsAPlainArrayPlain() {
    Path plain = folder.resolve("one.npy");
    WeightWriter.writePlain(plain, WeightArrays.of(new float[] {1, 2, 3}, 3, 1), bytes -> {});
    Graft.Result result = Graft.run("convert", plain, folder.resolve("two.npy"));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(WeightFormat.of(folder.resolve("two.npy")).name()).isEqualTo("npy");
    assertThat(Graft.values(folder.resolve("two.npy")).get("two")).containsExactly(1, 2, 3);
  }

  @Test
  void doesNotOverwriteItsSource() throws IOException {
    Path file = Files.copy(Graft.golden("head.npz"), folder.resolve("head.npz"));
    Files.createSymbolicLink(folder.resolve("link.npz"), file);
    Graft.Result result = Graft.run("convert", file, folder.resolve("link.npz"));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("is the source itself");
    assertThat(file).hasSameBinaryContentAs(Graft.golden("head.npz"));
  }

  @Test
  void doesNotOverwriteAFileOfItsSource() throws IOException {
    Path source = Files.createDirectories(folder.resolve("run"));
    Path part = Files.copy(Graft.golden("head.npz"), source.resolve("head.npz"));
    Path manifest = Files.copy(part, folder.resolve("out.npz.manifest.json"));
    for (Object[] args :
        new Object[][] {
          {"convert", part, source, "--format", "npz"},
          {"convert", manifest, folder.resolve("out.npz"), "--manifest"}
        }) {
      Graft.Result result = Graft.run(args);
      assertThat(result.code()).isEqualTo(2);
      assertThat(result.err()).contains("is the source itself, or has its files");
    }
    assertThat(part).hasSameBinaryContentAs(Graft.golden("head.npz"));
    assertThat(manifest).hasSameBinaryContentAs(Graft.golden("head.npz"));
  }

  @Test
  void castsOnlyWhenAsked() {
    Path half = convert(Graft.golden("weights.npz"), "half.npz", "--dtype", "f16");
    Path back = convert(half, "back.npz", "--dtype", "f32");
    try (WeightStore store = WeightStore.open(half);
        WeightStore original = WeightStore.open(Graft.golden("weights.npz"))) {
      assertThat(store.names()).isEqualTo(original.names());
      String name = "vgg16/fc6/kernel";
      assertThat(store.get(name).dtype()).isEqualTo(DType.FLOAT16);
      assertThat(WeightArrays.sha256(store.get(name)))
          .isEqualTo(WeightArrays.sha256(WeightArrays.cast(original.get(name), DType.FLOAT16)));
    }
    assertThat(
            Graft.relativeError(
                Graft.values(back, "vgg16/fc6/kernel"),
                Graft.values(Graft.golden("weights.npz"), "vgg16/fc6/kernel")))
        .isPositive()
        .isLessThan(1e-3);
  }

  @Test
  void castsToFloat32BeforeATableAndToOthersAfterIt() {
    Path half = convert(Graft.golden("slim_py3.npy"), "half.npy", "--dtype", "f16");
    Graft.Result refused =
        Graft.run("convert", half, folder.resolve("x.npz"), "--from", "slim-vgg16");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("is float16; expected float32");
    convert(half, "graph.npz", "--from", "slim-vgg16", "--dtype", "f32");
    Path tables =
        convert(Graft.golden("slim_py3.npy"), "wide.npz", "--from", "slim-vgg16", "--dtype", "f64");
    try (WeightStore store = WeightStore.open(tables)) {
      assertThat(store.get("vgg16/fc6/kernel").dtype()).isEqualTo(DType.FLOAT64);
    }
  }

  @Test
  void choosesArraysByNameWithoutATable() {
    Path file =
        convert(
            Graft.golden("tensorflow_vgg_p4.npy"),
            "some.npz",
            "--only",
            "conv1*,fc7[0]",
            "--exclude",
            "*[1]");
    assertThat(Graft.shapes(file).keySet()).containsExactly("conv1_1[0]", "conv1_2[0]", "fc7[0]");
  }

  @Test
  void choosesArraysByGraphNameWithATable() {
    Path file =
        convert(
            Graft.golden("slim_py3.npy"),
            "some.npy",
            "--from",
            "slim-vgg16",
            "--to",
            "tensorflow-vgg16",
            "--only",
            "vgg16/conv1*,vgg16/fc7",
            "--exclude",
            "vgg16/conv1_1");
    assertThat(Graft.shapes(file).keySet())
        .containsExactly("conv1_2[0]", "conv1_2[1]", "fc7[0]", "fc7[1]");
    Path graph =
        convert(Graft.golden("weights.npz"), "graph.npz", "--to", "graft", "--only", "vgg16/fc8");
    assertThat(Graft.shapes(graph).keySet()).containsExactly("vgg16/fc8/kernel", "vgg16/fc8/bias");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --only vgg16/fc9 | --only vgg16/fc9 matches no array of
          --exclude vgg16/fc9 | --exclude vgg16/fc9 matches no array of
          --exclude vgg16/fc9 --to slim-vgg16 | the scope to exclude matches nothing (did you mean
          --only vgg16/fc9 --to slim-vgg16 | --only vgg16/fc9 matches no array of
          --exclude * | no array is left to be written
          """)
  void refusesAChoiceThatMatchesNothing(String options, String message) {
    Path destination = folder.resolve("x.npz");
    List<Object> args =
        new ArrayList<>(List.of("convert", Graft.golden("weights.npz"), destination));
    args.addAll(List.of(options.split(" ")));
    Graft.Result result = Graft.run(args.toArray());
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains(message);
    assertThat(destination).doesNotExist();
  }

  @Test
  void takesTheContainerThatIsNamed() {
    Path file = convert(Graft.golden("head.npz"), "head.weights", "--format", "npz");
    assertSame(file, Graft.golden("head.npz"));
  }

  @Test
  void saysWhatIsLeftOut() {
    OtherEntry epoch = new OtherEntry("epoch", "int64", "7");
    OtherEntry note = new OtherEntry("note", "string", "x".repeat(90) + "\u001b");
    assertThat(OtherEntries.leftOut(List.of())).isEmpty();
    assertThat(OtherEntries.leftOut(List.of(epoch))).contains("1 string or number");
    assertThat(OtherEntries.leftOut(List.of(epoch, note)))
        .isEqualTo("left out: 2 strings and numbers (graft inspect shows them)\n");
    assertThat(OtherEntries.table(List.of(epoch, note), 30))
        .isEqualTo(
            """
            other  type    value
            -----  ------  --------------…
            epoch  int64   7
            note   string  xxxxxxxxxxxxxx…
            """);
  }

  @Test
  void writesNothingWhereTheMappingIsNotValid() {
    Path destination = folder.resolve("out.npz");
    Graft.Result result =
        Graft.run("convert", Graft.golden("slim_py3.npy"), destination, "--from", "slim-vgg19");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("missing", "vgg19/conv3_4/kernel", "problems");
    assertThat(destination).doesNotExist();
  }

  @Test
  void saysThatItCannotWrite() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Graft.Result result = Graft.run("convert", Graft.golden("head.npz"), file.resolve("out.npz"));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("out.npz").doesNotContain("\tat ", "internal error");
  }
}
