package dev.graft.cli.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassPaletteTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, 0",
    "1, 128, 0, 0",
    "2, 0, 128, 0",
    "3, 128, 128, 0",
    "8, 64, 0, 0",
    "15, 192, 128, 128",
    "20, 0, 64, 128",
    "255, 224, 224, 192"
  })
  void isThePascalVocColourMap(int id, int red, int green, int blue) {
    assertThat(ClassPalette.rgb(id)).isEqualTo(red << 16 | green << 8 | blue);
  }

  @Test
  void givesEveryIdItsOwnColour() {
    assertThat(IntStream.range(0, ClassPalette.SIZE).map(ClassPalette::rgb).distinct().count())
        .isEqualTo(256);
  }

  @Test
  void writesColoursForCss() {
    assertThat(ClassPalette.css(0)).isEqualTo("#000000");
    assertThat(ClassPalette.css(15)).isEqualTo("#c08080");
  }
}
