package dev.graft.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgreementTest {
  private static Map<String, Double> check(Contestant... contestants) {
    return Agreement.check("work", List.of(contestants));
  }

  @Test
  void theErrorIsTheDifferenceOverTheNormOfStockTensorFlow() {
    Map<String, Double> errors =
        check(new FakeContestant("graft", 3, 4.0002f), new FakeContestant("tensorflow", 3, 4));
    assertThat(errors.get("tensorflow")).isZero();
    assertThat(errors.get("graft")).isCloseTo(0.0002 / 5, within(1e-7));
  }

  @Test
  void aWrongAnswerIsNotMeasured() {
    assertThatThrownBy(
            () ->
                check(
                    new FakeContestant("graft", 3, 4.001f), new FakeContestant("tensorflow", 3, 4)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "work: graft does not agree with tensorflow: the relative L2 error is 2.00e-04, above"
                + " 1e-04");
  }

  @Test
  void nothingAgreesWithNaNOrZeroOrAnotherLength() {
    for (float[] wrong : new float[][] {{Float.NaN, 4}, {3}, {0, 0}}) {
      assertThatThrownBy(() -> check(new FakeContestant("a", 3, 4), new FakeContestant("b", wrong)))
          .hasMessageContaining("b does not agree with a");
    }
    assertThatThrownBy(() -> check(new FakeContestant("a", 0), new FakeContestant("b", 0)))
        .hasMessageContaining("NaN");
  }
}
