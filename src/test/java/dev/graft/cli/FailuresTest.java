package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.train.TrainingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FailuresTest {
  @Test
  void saysWhatJavaLeavesOut() {
    assertThat(Failures.describe(new NoSuchFileException("/a/b")))
        .isEqualTo("/a/b: no such file or folder");
    IOException denied = new AccessDeniedException("/run/x");
    assertThat(Failures.describe(new UncheckedIOException("cannot make /run: /run/x", denied)))
        .isEqualTo("cannot make /run: /run/x (permission denied)");
    assertThat(Failures.describe(new UncheckedIOException(denied)))
        .isEqualTo("/run/x: permission denied");
  }

  @Test
  void keepsTheReasonOfAFullDisk() {
    IOException full = new FileSystemException("/run/x", null, "No space left on device");
    assertThat(Failures.describe(full)).isEqualTo("/run/x: No space left on device");
    UncheckedIOException wrapped = new UncheckedIOException("cannot write /run/x: full", full);
    assertThat(Failures.describe(new TrainingException("cannot save; step 3 is kept", wrapped)))
        .isEqualTo("cannot save; step 3 is kept");
  }

  @Test
  void tellsAnErrorOfItsOwnFromTheUsers() {
    assertThat(Failures.describe(new IllegalStateException("oops")))
        .contains("internal error", "--verbose", "oops");
    assertThat(Failures.describe(new OutOfMemoryError("Java heap space")))
        .contains("out of memory", "GRAFT_JAVA_OPTS");
    assertThat(Failures.describe(new UnsatisfiedLinkError("no jnitensorflow")))
        .contains("no jnitensorflow", "graft doctor");
  }
}
