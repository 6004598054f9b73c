package dev.graft.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A container is known by its content, never by its name. */
class RecognitionTest {
  private static final String KNOWN =
      "; formats that are read: "
          + ServiceLoader.load(WeightFormat.class).stream()
              .map(format -> format.get().name())
              .collect(Collectors.joining(", "));

  @TempDir Path folder;

  private void assertUnknown(String content, String... messageParts) {
    Path file = TestFiles.write(folder, "weights.npy", content);
    assertThatThrownBy(() -> WeightStore.open(file))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessageStartingWith(file + ": unknown content, begins with ")
        .hasMessageContainingAll(messageParts)
        .hasMessageContaining(KNOWN);
  }

  @Test
  void formatsAreNamed() throws IOException {
    assertThat(WeightFormat.of(Golden.file("weights.npz")).name()).isEqualTo("npz");
    assertThat(WeightFormat.of(Golden.file("slim_py3.npy")).name()).isEqualTo("dictionary npy");
    Path misnamed = folder.resolve("misnamed.h5");
    Files.copy(Golden.file("head.npz"), misnamed);
    assertThat(WeightFormat.of(misnamed).name()).isEqualTo("npz");
    Path plain =
        TestFiles.write(
            folder,
            "plain",
            TestFiles.npy("{'descr': '|u1', 'fortran_order': False, 'shape': ()}", (byte) 1));
    assertThat(WeightFormat.of(plain).name()).isEqualTo("npy");
    try (WeightStore store = WeightStore.open(plain)) {
      assertThat(store.names()).containsExactly("plain");
    }
  }

  @Test
  void unknownContentIsShownAndGuessed() throws IOException {
    assertUnknown("hello", "68 65 6c 6c 6f \"hello\"");
    assertUnknown("\u001f\u008b\u0008", "it looks like gzip: decompress it first");
    assertUnknown("\0".repeat(257) + "ustar\0", "it looks like a tar archive: unpack it first");
  }

  @Test
  void whatIsNoFile() throws IOException {
    Path missing = folder.resolve("missing.npy");
    assertThatThrownBy(() -> WeightStore.open(missing))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(missing + ": there is no such file");
    Path empty = TestFiles.write(folder, "empty.npy", "");
    assertThatThrownBy(() -> WeightStore.open(empty))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessage(empty + ": the file is empty");
    Path sub = Files.createDirectory(folder.resolve("sub"));
    assertThatThrownBy(() -> WeightStore.open(sub))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessageStartingWith(sub + ": is a folder, but not one that holds weights" + KNOWN);
    assertThatThrownBy(() -> WeightStore.open(Path.of("/dev/null")))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessage("/dev/null: is neither a regular file nor a folder");
  }
}
