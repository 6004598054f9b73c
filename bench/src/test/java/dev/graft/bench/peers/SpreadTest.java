package dev.graft.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void quartilesOfAnOddNumberAreValues() {
    assertThat(Spread.of(50, 10, 40, 20, 30)).isEqualTo(new Spread(10, 20, 30, 40, 50));
  }

  @Test
  void quartilesOfAnEvenNumberLieBetweenValues() {
    assertThat(Spread.of(4, 1, 3, 2)).isEqualTo(new Spread(1, 1.75, 2.5, 3.25, 4));
  }

  @Test
  void oneValueIsAllOfIt() {
    assertThat(Spread.of(7)).isEqualTo(new Spread(7, 7, 7, 7, 7));
  }

  @Test
  void noValuesAreRefused() {
    assertThatThrownBy(Spread::of).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ratiosAreTakenRoundByRound() {
    // A load that slows both down in one round cancels out; the medians' quotient is 3/10.
    double[] own = {1, 100, 3};
    double[] peer = {2, 200, 10};
    assertThat(Spread.ofRatios(own, peer)).isEqualTo(new Spread(0.3, 0.4, 0.5, 0.5, 0.5));
  }

  @Test
  void differencesAreTakenRoundByRound() {
    double[] own = {1, 100, 3};
    double[] peer = {2, 90, 10};
    assertThat(Spread.ofDifferences(own, peer).median()).isEqualTo(-1);
  }
}
