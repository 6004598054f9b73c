package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightFormat;
import dev.graft.weights.WeightWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
