package dev.graft.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.graft.cli.report.LossCurve.Run;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LossCurveTest {
  @TempDir Path folder;

  @Test
  void drawsEachRunInItsColour() throws IOException {
    int[] steps = IntStream.rangeClosed(1, 100).toArray();
    double[] falling = IntStream.of(steps).mapToDouble(step -> 2.0 / step).toArray();
    double[] flat = IntStream.of(steps).mapToDouble(step -> 1).toArray();
    flat[50] = Double.NaN;
    Path file = folder.resolve("loss.png");
    LossCurve.write(
        file, "losses", List.of(new Run("one", steps, falling), new Run("two", steps, flat)));

    BufferedImage image = ImageIO.read(file.toFile());
    assertThat(image.getWidth()).isEqualTo(1280);
    assertThat(image.getHeight()).isEqualTo(640);
    assertThat(count(image, 0xff0072b2)).as("first colour").isGreaterThan(500);
    assertThat(count(image, 0xffd55e00)).as("second colour").isGreaterThan(500);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void drawsARunOfOneStepAndOneWithoutAnyFiniteLoss() throws IOException {
    Path file = folder.resolve("loss.png");
    LossCurve.write(
        file,
        "short",
        List.of(
            new Run("one", new int[] {1}, new double[] {2}),
            new Run("none", new int[] {1, 2}, new double[] {Double.NaN, Double.NaN})));
    assertThat(ImageIO.read(file.toFile())).isNotNull();
  }

  @Test
  void smoothsOverTheValuesThereAre() {
    assertThat(LossCurve.smooth(new double[] {1, 2, 6, 1}, 3)).containsExactly(1.5, 3, 3, 3.5);
    assertThat(LossCurve.smooth(new double[] {1, Double.NaN, 3}, 3)).containsExactly(1, 2, 3);
    assertThat(LossCurve.smooth(new double[] {4, 2}, 1)).containsExactly(4, 2);
  }

  @Test
  void theWindowIsOddAndOneForShortRuns() {
    assertThat(LossCurve.window(19)).isEqualTo(1);
    assertThat(LossCurve.window(20)).isEqualTo(3);
    assertThat(LossCurve.window(400)).isEqualTo(23);
    assertThat(LossCurve.window(100_000)).isEqualTo(51);
  }

  @Test
  void refusesWhatCannotBeDrawn() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Run("r", new int[] {1}, new double[0]))
        .withMessage("r: 1 steps with 0 losses");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LossCurve.write(folder.resolve("loss.png"), "none", List.of()));
  }

  private static int count(BufferedImage image, int argb) {
    int count = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        count += image.getRGB(x, y) == argb ? 1 : 0;
      }
    }
    return count;
  }
}
