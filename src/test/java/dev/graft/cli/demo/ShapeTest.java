package dev.graft.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShapeTest {
  @ParameterizedTest
  @EnumSource(Shape.Kind.class)
  void coversItsAreaWhichIsAboutThatOfTheDisc(Shape.Kind kind) {
    Shape shape = new Shape(kind, 100, 100, 30, new SplittableRandom(1));
    int covered = 0;
    for (int y = 0; y < 200; y++) {
      for (int x = 0; x < 200; x++) {
        covered += shape.depth(x, y) > 0 ? 1 : 0;
      }
    }
    assertThat((double) covered).isCloseTo(shape.area(), within(0.02 * shape.area()));
    assertThat(shape.area()).isCloseTo(Math.PI * 900, within(0.02 * Math.PI * 900));
  }
}
