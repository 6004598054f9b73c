package dev.graft.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Coverage-guided fuzzing of all readers: for some seconds here, for hours with {@code
 * src/test/fuzz}. A finding is anything but an answer or a weights exception: another exception,
 * too little memory or stack, ten seconds of work, a message with control characters.
 */
class FuzzTest {
  private static final int SHORT_SECONDS = 8;
  private static final int SECONDS = Integer.getInteger("graft.fuzz.seconds", SHORT_SECONDS);

  /** The JVM's start, the seeds, and a machine that has other things to do. */
  private static final int SPARE_SECONDS = 240;

  private static final String READERS = "dev.graft.weights.**:dev.graft.graph.**";
  private static final Path HOME = Path.of("target", "fuzz").toAbsolutePath();

  @TempDir Path folder;

  @Test
  void noInputBreaksAReader() throws IOException, InterruptedException {
    Path findings = Files.createDirectories(HOME.resolve("findings"));
    boolean longRun = SECONDS > SHORT_SECONDS;
    // A long run goes on where the last one ended; a short one always does the same.
    Path corpus = Files.createDirectories((longRun ? HOME : folder).resolve("corpus"));
    Path seeds = Files.createDirectory(folder.resolve("seeds"));
    List<Path> written = FuzzSeeds.writeTo(seeds, Files.createDirectory(folder.resolve("written")));
    System.out.println("Fuzzing for " + SECONDS + " s from " + written.size() + " seeds");

    JazzerRun run =
        JazzerRun.of(
            FuzzTarget.class,
            READERS,
            List.of(corpus, seeds),
            findings,
            List.of(
                "-max_total_time=" + SECONDS,
                "-seed=" + (longRun ? System.nanoTime() & 0xffffffL : 1),
                "-timeout=10",
                "-rss_limit_mb=0",
                "-max_len=" + FuzzSeeds.MAX_BYTES),
            SECONDS + SPARE_SECONDS);
    if (!run.started()) {
      System.out.println(
          "Jazzer's driver does not run on this machine: seeded random mutation without coverage"
              + " instead. It said: "
              + run.summary());
      FuzzTarget.fuzzerInitialize();
      new RandomMutations(written, findings, FuzzTarget::fuzzerTestOneInput).run(SECONDS);
      return;
    }
    System.out.println(run.inputs() + " inputs reached " + run.covered() + " places");
    assertThat(run.exitCode()).as("a finding, kept in %s: %s", findings, run.summary()).isZero();
    assertThat(run.inputs()).as(run.summary()).isGreaterThan(written.size());
    assertThat(run.covered()).isGreaterThan(500);
  }

  /** Shows that the fuzzer sees branches, and that a finding fails the test above. */
  @Test
  void findsAPlantedBug() throws IOException, InterruptedException {
    JazzerRun run =
        JazzerRun.of(
            PlantedBug.class,
            PlantedBug.class.getName(),
            List.of(Files.createDirectory(folder.resolve("empty"))),
            folder,
            List.of("-runs=2000000", "-seed=1", "-max_len=16"),
            SPARE_SECONDS);
    assumeThat(run.started()).as("Jazzer's driver runs here: %s", run.summary()).isTrue();
    assertThat(run.exitCode()).as(run.summary()).isNotZero();
    assertThat(run.log()).contains("IllegalStateException: the planted bug");
  }

  @Test
  void randomMutationFindsAShallowBug() throws IOException {
    Path seed = Files.write(folder.resolve("seed"), new byte[32]);
    RandomMutations mutations =
        new RandomMutations(
            List.of(seed),
            folder,
            input -> {
              if (input[0] != 0) {
                throw new IllegalStateException("the planted bug");
              }
            });
    assertThatThrownBy(() -> mutations.run(SPARE_SECONDS))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(folder.toString())
        .hasRootCauseMessage("the planted bug");
  }
}
