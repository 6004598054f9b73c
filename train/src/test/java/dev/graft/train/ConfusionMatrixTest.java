package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
  /** Class 3 occurs nowhere; class 2 is predicted once and never a label. */
  private static ConfusionMatrix example() {
    ConfusionMatrix matrix = new ConfusionMatrix(4);
    matrix.add(new long[] {6, 2, 0, 0, 1, 10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    return matrix;
  }

  @Test
  void metricsFollowTheirDefinitions() {
    ConfusionMatrix matrix = example();
    assertThat(matrix.total()).isEqualTo(20);
    assertThat(matrix.pixelAccuracy()).isEqualTo(16.0 / 20);
    assertThat(matrix.meanAccuracy()).isCloseTo((6.0 / 8 + 10.0 / 12) / 2, within(1e-12));
    assertThat(matrix.iou(0)).isEqualTo(6.0 / 9);
    assertThat(matrix.iou(1)).isEqualTo(10.0 / 14);
    assertThat(matrix.iou(2)).isZero();
    assertThat(matrix.iou(3)).isNaN();
    assertThat(matrix.meanIou()).isCloseTo((6.0 / 9 + 10.0 / 14 + 0) / 3, within(1e-12));
    assertThat(matrix.frequencyWeightedIou())
        .isCloseTo((8 * 6.0 / 9 + 12 * 10.0 / 14) / 20, within(1e-12));
  }

  @Test
  void countsOfSeveralImagesAddUp() {
    ConfusionMatrix matrix = example();
    matrix.add(new long[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5});
    assertThat(matrix.count(0, 0)).isEqualTo(7);
    assertThat(matrix.iou(3)).isEqualTo(1);
    assertThatThrownBy(() -> matrix.add(new long[9])).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void withoutPixelsThereIsNoFigure() {
    ConfusionMatrix empty = new ConfusionMatrix(2);
    assertThat(empty.pixelAccuracy()).isNaN();
    assertThat(empty.meanIou()).isNaN();
    assertThat(empty.meanAccuracy()).isNaN();
  }
}
