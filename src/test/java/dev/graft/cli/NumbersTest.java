package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "-0.25, -0.25",
    "0.123456789, 0.123457",
    "100000, 100000",
    "999999.7, 1.00000e+06",
    "1234567, 1.23457e+06",
    "0.001, 0.001",
    "1e-7, 1.00000e-07",
    "NaN, ''",
    "Infinity, inf",
    "-Infinity, -inf",
  })
  void areShownWithSixDigits(double value, String text) {
    assertThat(Numbers.text(value)).isEqualTo(text);
  }

  @Test
  void haveAPlaceInJson() {
    assertThat(Numbers.json(1.5)).isEqualTo(1.5);
    assertThat(Numbers.json(Double.NaN)).isNull();
    assertThat(Numbers.json(Double.NEGATIVE_INFINITY)).isEqualTo("-inf");
  }
}
