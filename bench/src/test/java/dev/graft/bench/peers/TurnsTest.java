package dev.graft.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final List<String> turns = new ArrayList<>();
  private final List<Integer> progress = new ArrayList<>();

  private Map<String, double[]> take(int untimed, Turns rule) {
    List<Contestant> contestants =
        List.of(new FakeContestant("a", turns), new FakeContestant("b", turns));
    Contest contest = new Contest("work", untimed, Optional.empty(), setting -> contestants);
    return rule.take(contest, contestants, progress::add);
  }

  @Test
  void contestantsAlternateAndWarmUpsAreNotTimed() {
    Map<String, double[]> millis = take(0, new Turns(1, 2, 0, false));
    assertThat(turns).containsExactly("a", "b", "a", "b", "a", "b");
    assertThat(progress).containsExactly(1, 2, 3);
    assertThat(millis).containsOnlyKeys("a", "b");
    assertThat(millis.get("a")).hasSize(2).doesNotContain(0);
    assertThat(millis.get("b")).hasSize(2).doesNotContain(0);
  }

  @Test
  void untimedRunsBelongToTheTurn() {
    take(1, new Turns(0, 1, 0, false));
    assertThat(turns).containsExactly("a", "a", "b", "b");
  }

  @Test
  void aColdTurnHasNoUntimedRun() {
    take(1, new Turns(0, 1, 0, true));
    assertThat(turns).containsExactly("a", "b");
  }

  @Test
  void whereOneCannotBeOpenedTheOthersAreClosed() {
    List<Supplier<Contestant>> suppliers =
        List.of(
            () -> new FakeContestant("a", turns),
            () -> {
              throw new IllegalStateException("no");
            });
    assertThatThrownBy(() -> Contestants.open(suppliers)).hasMessage("no");
    assertThat(turns).containsExactly("close a");
  }
}
