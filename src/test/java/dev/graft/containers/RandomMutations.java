package dev.graft.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Fuzzing without coverage, for where Jazzer's driver does not run: seeds changed at random. */
final class RandomMutations {
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int MAX_CHANGES = 8;

  private final List<Path> seeds;
  private final Path findings;
  private final Target target;
  private final Random random = new Random(1);

  /** What takes inputs. */
  interface Target {
    /** Throws where the input is a finding. */
    void accept(byte[] input) throws IOException;
  }

  /**
   * Inputs are made of these seeds.
   *
   * @param findings where an input that breaks the target is put
   */
  RandomMutations(List<Path> seeds, Path findings, Target target) {
    this.seeds = seeds;
    this.findings = findings;
    this.target = target;
  }

  /**
   * Tries inputs for some seconds.
   *
   * @throws AssertionError at the first finding
   */
  void run(int seconds) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < end) {
      byte[] input = mutated(Files.readAllBytes(seeds.get(random.nextInt(seeds.size()))));
      long start = System.nanoTime();
      try {
        target.accept(input);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("a finding, kept as " + keep(input), e);
      }
      if (System.nanoTime() - start > SLOW_NANOS) {
        throw new AssertionError("an input that takes ten seconds, kept as " + keep(input));
      }
    }
  }

  private Path keep(byte[] input) throws IOException {
    return Files.write(Files.createTempFile(findings, "finding", ".bin"), input);
  }

  private byte[] mutated(byte[] seed) {
    byte[] input = seed;
    for (int i = random.nextInt(MAX_CHANGES); i >= 0 && input.length > 0; i--) {
      int at = random.nextInt(input.length);
      switch (random.nextInt(4)) {
        case 0 -> input[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        case 1 -> input[at] = (byte) random.nextInt();
        case 2 -> input = Arrays.copyOf(input, at + 1);
        default -> {
          int count = random.nextInt(input.length - at);
          System.arraycopy(input, random.nextInt(input.length - count), input, at, count);
        }
      }
    }
    return input;
  }
}
