package dev.graft.cli.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskImagesTest {
  @TempDir Path folder;

  /** Every id once, in 8 rows of 32. */
  private static byte[] allIds() {
    byte[] ids = new byte[256];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (byte) i;
    }
    return ids;
  }

  @Test
  void paletteIndicesAreTheIdsAndTheirColoursTheVocMap() throws IOException {
    Path file = folder.resolve("mask.png");
    MaskImages.write(file, allIds(), 8, 32);

    BufferedImage image = ImageIO.read(file.toFile());
    assertThat(image.getColorModel()).isInstanceOf(IndexColorModel.class);
    assertThat(samples(image, 8, 32)).isEqualTo(allIds());
    assertThat(image.getRGB(15, 0)).isEqualTo(0xffc08080);
    assertThat(image.getRGB(31, 7)).isEqualTo(0xffe0e0c0);
  }

  @Test
  void isAnEightBitPalettePngWithAllEntriesEvenForFewIds() throws IOException {
    Path file = folder.resolve("mask.png");
    MaskImages.write(file, new byte[] {0, 1, 1, 0}, 2, 2);

    byte[] png = Files.readAllBytes(file);
    // Signature (8), IHDR: length and name (8), width and height (8), depth, colour type.
    assertThat(png[24]).as("bit depth").isEqualTo((byte) 8);
    assertThat(png[25]).as("colour type").isEqualTo((byte) 3);
    assertThat(((IndexColorModel) ImageIO.read(file.toFile()).getColorModel()).getMapSize())
        .isEqualTo(256);
  }

  @Test
  void greyValuesAreTheIds() throws IOException {
    Path file = folder.resolve("mask.png");
    MaskImages.writeGrey(file, allIds(), 8, 32);

    byte[] png = Files.readAllBytes(file);
    assertThat(png[24]).as("bit depth").isEqualTo((byte) 8);
    assertThat(png[25]).as("colour type").isEqualTo((byte) 0);
    assertThat(samples(ImageIO.read(file.toFile()), 8, 32)).isEqualTo(allIds());
  }

  @Test
  void refusesIdsThatDoNotFitTheSize() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MaskImages.write(folder.resolve("mask.png"), new byte[5], 2, 3))
        .withMessage("ids: expected height x width x channels = 2 x 3 x 1 bytes, found 5");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void leavesNothingBehindWhenTheTargetCannotBeReplaced() throws IOException {
    Path file = folder.resolve("mask.png");
    Files.createDirectories(file.resolve("inside"));
    assertThatIOException()
        .isThrownBy(() -> MaskImages.write(file, new byte[1], 1, 1))
        .withMessageStartingWith("cannot write " + file);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  private static byte[] samples(BufferedImage image, int height, int width) {
    assertThat(image.getHeight()).isEqualTo(height);
    assertThat(image.getWidth()).isEqualTo(width);
    int[] samples = image.getRaster().getSamples(0, 0, width, height, 0, (int[]) null);
    byte[] ids = new byte[samples.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (byte) samples[i];
    }
    return ids;
  }
}
