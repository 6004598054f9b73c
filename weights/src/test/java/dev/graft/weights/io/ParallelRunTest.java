package dev.graft.weights.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ParallelRunTest {
  @Test
  void everyPieceOnceWhateverRunsBeside() {
    AtomicInteger ran = new AtomicInteger();
    IntStream.range(0, 50)
        .parallel()
        .forEach(i -> ParallelRun.all(Collections.nCopies(i, (Runnable) ran::incrementAndGet)));
    assertThat(ran).hasValue(50 * 49 / 2);
  }

  @Test
  void failuresComeBackAfterAllHaveRun() {
    AtomicInteger ran = new AtomicInteger();
    List<Runnable> pieces = new ArrayList<>(Collections.nCopies(20, ran::incrementAndGet));
    pieces.add(
        3,
        () -> {
          throw new IllegalStateException("third");
        });
    assertThatThrownBy(() -> ParallelRun.all(pieces)).hasMessage("third");
    assertThat(ran).hasValue(20);
  }

  @Test
  void anInterruptStaysForTheCaller() {
    Thread.currentThread().interrupt();
    AtomicInteger ran = new AtomicInteger();
    ParallelRun.all(Collections.nCopies(10, (Runnable) ran::incrementAndGet));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(ran).hasValue(10);
  }
}
