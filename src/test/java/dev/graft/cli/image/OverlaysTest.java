package dev.graft.cli.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverlaysTest {
  private static final byte[] ONE_GREY_ROW =
      new byte[] {100, 100, 100, 100, 100, 100, 100, 100, 100};

  @Test
  void blendsClassesAndLeavesGroundAndIgnoredPixels() {
    byte[] blended = Overlays.blend(ONE_GREY_ROW, new byte[] {0, 2, (byte) 255}, 1, 3, 255, false);
    assertThat(unsigned(blended)).containsExactly(100, 100, 100, 50, 114, 50, 100, 100, 100);
    assertThat(ONE_GREY_ROW).containsOnly(100);
  }

  @Test
  void coloursLabel255WhenNoLabelIsIgnored() {
    byte[] blended = Overlays.blend(new byte[3], new byte[] {(byte) 255}, 1, 1, -1, false);
    assertThat(unsigned(blended)).containsExactly(112, 112, 96);
  }

  @Test
  void outlinesTheInsideOfRegionsButNotThePicturesEdge() {
    byte[] rgb = new byte[4 * 3];
    byte[] blended = Overlays.blend(rgb, new byte[] {1, 1, 0, 0}, 1, 4, 255, true);
    // Class 1 is (128, 0, 0); its bright form is (255, 63, 63).
    assertThat(unsigned(blended)).containsExactly(64, 0, 0, 255, 63, 63, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void writesAnRgbPng(@TempDir Path folder) throws IOException {
    byte[] rgb = new byte[3 * 3 * 3];
    byte[] ids = new byte[9];
    Arrays.fill(ids, (byte) 3);
    Path file = folder.resolve("overlay.png");
    Overlays.write(file, rgb, ids, 3, 3, 255);
    assertThat(ImageIO.read(file.toFile()).getRGB(1, 2)).isEqualTo(0xff404000);
  }

  @Test
  void keepsTheOrderOfChannels(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("image.png");
    Images.writeRgb(file, new byte[] {1, 2, 3, (byte) 253, (byte) 254, (byte) 255}, 2, 1);
    assertThat(ImageIO.read(file.toFile()).getRGB(0, 0)).isEqualTo(0xff010203);
    assertThat(ImageIO.read(file.toFile()).getRGB(0, 1)).isEqualTo(0xfffdfeff);
  }

  @Test
  void refusesArraysThatDoNotFit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Overlays.blend(new byte[11], new byte[4], 2, 2, 255, true))
        .withMessage("rgb: expected height x width x channels = 2 x 2 x 3 bytes, found 11");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Overlays.blend(new byte[12], new byte[3], 2, 2, 255, true))
        .withMessageStartingWith("ids: ");
  }

  private static int[] unsigned(byte[] bytes) {
    int[] values = new int[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes[i] & 0xff;
    }
    return values;
  }
}
