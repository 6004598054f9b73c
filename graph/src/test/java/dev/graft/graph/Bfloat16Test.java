package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Bfloat16Test {
  private static int round(String bits) {
    return Bfloat16.round((int) Long.parseLong(bits, 16)) & 0xffff;
  }

  @ParameterizedTest
  @CsvSource({
    // exact
    "00000000, 0000",
    "3f800000, 3f80",
    "42f60000, 42f6",
    // below, at and above the half, beside an even and an odd value
    "3f807fff, 3f80",
    "3f808000, 3f80",
    "3f808001, 3f81",
    "3f817fff, 3f81",
    "3f818000, 3f82",
    "3f818001, 3f82",
    // up into the next exponent
    "3fff8000, 4000",
    // denormals: to zero, to the smallest, to the next, to the smallest normal one
    "00000001, 0000",
    "00008000, 0000",
    "00008001, 0001",
    "00018000, 0002",
    "007fffff, 0080",
    // up to the largest, and no further
    "7f7f0000, 7f7f",
    "7f7f7fff, 7f7f",
    "7f7f8000, 7f7f",
    "7f7fffff, 7f7f",
    "7f800000, 7f80",
  })
  void theNearestOfEitherSign(String bits, String expected) {
    int bfloat16 = Integer.parseInt(expected, 16);
    assertThat(round(bits)).isEqualTo(bfloat16);
    String negative = Long.toHexString(Long.parseLong(bits, 16) | 0x8000_0000L);
    assertThat(round(negative)).isEqualTo(bfloat16 | 0x8000);
  }

  @ParameterizedTest
  @CsvSource({
    "7f800001, 7fc0",
    "7fc00000, 7fc0",
    "7fffffff, 7fff",
    "ff800001, ffc0",
    "ffaa0000, ffea"
  })
  void aNanStaysOneAndBecomesQuiet(String bits, String expected) {
    assertThat(round(bits)).isEqualTo(Integer.parseInt(expected, 16));
  }

  @Test
  void noOtherValueIsNearer() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 100_000; i++) {
      int bits = random.nextInt();
      double exact = Float.intBitsToFloat(bits);
      double below = Float.intBitsToFloat(bits & 0xffff_0000);
      double above = Float.intBitsToFloat((bits & 0xffff_0000) + 0x1_0000);
      double rounded = Float.intBitsToFloat(Bfloat16.round(bits) << 16);
      if (Double.isFinite(exact) && Double.isFinite(above)) {
        assertThat(rounded).isIn(below, above);
        assertThat(Math.abs(rounded - exact))
            .isEqualTo(Math.min(Math.abs(below - exact), Math.abs(above - exact)));
      }
    }
  }
}
