package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the examples of the README and of docs/weights.md, in their order and in one folder, so that
 * they cannot rot: a file that one writes is there for the next.
 */
class ReadmeTest {
  /** Examples that do not run here, and why. */
  private static final Map<String, String> EXCUSED =
      Map.of(
          "graft convert runs/street out.npy --exclude fcn8s,vgg16/fc8 --to slim-vgg16",
          "takes a whole training; TrainTest and GoldenTrainingTest read run folders");

  /** The files that the examples name, and the references that they are here. */
  private static final Map<String, String> INPUTS =
      Map.of(
          "vgg16.npy", "tensorflow_vgg_p2.npy",
          "vgg_16.npy", "slim_py3.npy",
          "weights.npz", "weights.npz",
          "vgg16.pth", "torchvision.pth");

  private static final Set<String> COMMANDS =
      Set.of("inspect", "convert", "diff", "verify", "tables");

  private static final Set<String> TABLE_OPTIONS =
      Set.of("--from", "--to", "--map", "--map-a", "--map-b");

  private static final Set<String> VALUE_OPTIONS =
      Set.of("--format", "--dtype", "--only", "--exclude", "--tolerance", "--relative");

  @TempDir private Path folder;

  @Test
  void everyExampleRuns() throws IOException {
    for (Map.Entry<String, String> input : INPUTS.entrySet()) {
      Files.copy(Graft.golden(input.getValue()), folder.resolve(input.getKey()));
    }
    List<String> examples = new ArrayList<>(examples("README.md"));
    examples.addAll(examples("docs/weights.md"));
    assertThat(examples).hasSizeGreaterThan(EXCUSED.size()).containsAll(EXCUSED.keySet());
    examples.removeAll(EXCUSED.keySet());
    examples.forEach(this::run);
  }

  private void run(String example) {
    List<String> words = words(example);
    Object[] args = new Object[words.size() - 1];
    for (int i = 1; i < words.size(); i++) {
      args[i - 1] = isPath(words, i) ? folder.resolve(words.get(i)) : words.get(i);
    }
    Graft.Result result = Graft.run(args);
    assertThat(result.code()).as("%s%n%s%s", example, result.out(), result.err()).isZero();
    assertThat(result.out()).isNotBlank();
  }

  /** Whether a word names a file: no option, no option's value, and not a table to be printed. */
  private static boolean isPath(List<String> words, int i) {
    String before = words.get(i - 1);
    if (i < 2 || words.get(i).startsWith("-")) {
      return false;
    }
    boolean value = TABLE_OPTIONS.contains(before) || VALUE_OPTIONS.contains(before);
    return !value && (!words.get(1).equals("tables") || before.equals("--suggest"));
  }

  private static List<String> words(String example) {
    return List.of(example.replace("'", "").split(" +"));
  }

  /** The commands of a page's code blocks, without their comments, continued lines joined. */
  private static List<String> examples(String page) throws IOException {
    String text = Files.readString(root().resolve(page)).replaceAll("\\\\\\R\\s*", "");
    return text.lines()
        .filter(line -> line.startsWith("    "))
        .map(line -> line.strip().replaceFirst("^\\./graft", "graft"))
        .filter(line -> line.startsWith("graft "))
        .map(line -> line.replaceFirst("\\s+#.*", ""))
        .filter(line -> COMMANDS.contains(words(line).get(1)))
        .toList();
  }

  /** The repository, from the folder of any of its modules. */
  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("README.md"))) {
      folder = folder.getParent();
    }
    return folder;
  }
}
