package dev.graft.cli.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
  @TempDir Path folder;

  @Test
  void replacesTheFileAndLeavesNothingElse() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFiles.writeText(file, "old");
    AtomicFiles.writeText(file, "n\u00e4u");
    assertThat(file).hasBinaryContent(new byte[] {'n', (byte) 0xc3, (byte) 0xa4, 'u'});
    assertOnly(file);
  }

  @Test
  void keepsTheOldFileWhenWritingFails() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFiles.writeText(file, "old");
    assertThatIOException()
        .isThrownBy(
            () ->
                AtomicFiles.write(
                    file,
                    out -> {
                      out.write(new byte[100_000]);
                      throw new IOException("No space left on device");
                    }))
        .withMessage("cannot write " + file + ": No space left on device");
    assertThat(file).hasContent("old");
    assertOnly(file);
  }

  @Test
  void leavesNothingWhenTheContentThrowsSomethingElse() throws IOException {
    Path file = folder.resolve("a.txt");
    UncheckedIOException failure = new UncheckedIOException(new IOException("broken"));
    assertThatThrownBy(
            () ->
                AtomicFiles.write(
                    file,
                    out -> {
                      throw failure;
                    }))
        .isSameAs(failure);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void namesTheTargetWhenItsFolderIsMissing() {
    Path file = folder.resolve("none").resolve("a.txt");
    assertThatIOException()
        .isThrownBy(() -> AtomicFiles.writeText(file, "x"))
        .withMessage("cannot write " + file + ": its folder does not exist");
  }

  @Test
  void leavesNothingWhenTheTargetIsAFolder() throws IOException {
    Path file = folder.resolve("taken");
    Files.createDirectories(file.resolve("inside"));
    assertThatIOException()
        .isThrownBy(() -> AtomicFiles.writeText(file, "x"))
        .withMessageStartingWith("cannot write " + file);
    assertOnly(file);
  }

  private void assertOnly(Path file) throws IOException {
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }
}
