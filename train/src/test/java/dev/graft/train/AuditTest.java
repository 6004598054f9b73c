package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditTest {
  @TempDir Path data;

  @BeforeEach
  void writeData() {
    TinyData.write(data, 6);
  }

  private List<Sample> samples() {
    SegmentationDataset dataset = SegmentationDataset.open(data, "", 1);
    return java.util.stream.Stream.concat(dataset.train().stream(), dataset.validation().stream())
        .toList();
  }

  @Test
  void countsTheLabels() {
    Audit audit = Audit.of(samples(), 2, 255, Progress.NONE);
    int pixels = TinyData.WIDTH * TinyData.HEIGHT;
    assertThat(audit.histogram().stream().mapToLong(Long::longValue).sum()).isEqualTo(6L * pixels);
    assertThat(audit.histogram().get(255)).isEqualTo(6L * TinyData.HEIGHT);
    assertThat(audit.classes(255)).isEqualTo(2);
    assertThat(audit.classes(-1)).isEqualTo(256);
    assertThat(audit.sizes()).hasSize(6).containsOnly(new Audit.Size(40, 48));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void aPaletteMaskGivesItsIndicesWhateverTheColours(int bits) {
    int classes = Math.min(1 << bits, 5);
    byte[] ids = new byte[TinyData.WIDTH * TinyData.HEIGHT];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (byte) (i % classes);
    }
    TinyData.palette(data.resolve("masks/scene0.png"), ids, TinyData.WIDTH, TinyData.HEIGHT, bits);
    Audit audit = Audit.of(samples().subList(0, 1), 5, 255, Progress.NONE);
    for (int label = 0; label < classes; label++) {
      assertThat(audit.histogram().get(label)).isEqualTo(ids.length / classes);
    }
  }

  @Test
  void everyProblemIsInOneReport() throws IOException {
    byte[] ids = new byte[TinyData.WIDTH * TinyData.HEIGHT];
    ids[7] = 11;
    TinyData.grey(data.resolve("masks/scene0.png"), ids, TinyData.WIDTH, TinyData.HEIGHT);
    TinyData.grey(data.resolve("masks/scene1.png"), new byte[20 * 30], 30, 20);
    Path image = data.resolve("images/scene2.png");
    Files.write(image, Arrays.copyOf(Files.readAllBytes(image), 200));
    Files.writeString(data.resolve("images/scene3.png"), "no image at all");
    TinyData.image(
        data.resolve("masks/scene4.png"),
        new BufferedImage(TinyData.WIDTH, TinyData.HEIGHT, BufferedImage.TYPE_INT_RGB));
    Files.writeString(data.resolve("masks/scene5.png"), "");
    assertThatThrownBy(() -> Audit.of(samples(), 2, 255, Progress.NONE))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("scene0.png: the label 11 (1 pixels) is out of range: there are 2")
        .hasMessageContaining("scene1.png: expected the image's size 48×40, found 30×20")
        .hasMessageContaining("scene2.png")
        .hasMessageContaining("scene3.png")
        .hasMessageContaining("scene4.png: a mask must have one class id a pixel")
        .hasMessageContaining("scene5.png: a mask must be a PNG file");
  }
}
