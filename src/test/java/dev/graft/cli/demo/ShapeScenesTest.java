package dev.graft.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShapeScenesTest {
  @Test
  void theSameSeedMakesTheSameBytes() {
    Crops first = new ShapeScenes(3).crops(20, 32);
    Crops second = new ShapeScenes(3).crops(20, 32);
    assertThat(second.pixels()).isEqualTo(first.pixels());
    assertThat(second.labels()).isEqualTo(first.labels());
    assertThat(new ShapeScenes(4).crops(20, 32).pixels()).isNotEqualTo(first.pixels());
  }

  @Test
  void aPictureDoesNotDependOnTheOthersAskedFor() {
    ShapeScenes maker = new ShapeScenes(3);
    Scene late = maker.scene(5, 96, 128);
    maker.crops(3, 32);
    Scene again = maker.scene(5, 96, 128);
    assertThat(again.rgb()).isEqualTo(late.rgb());
    assertThat(again.ids()).isEqualTo(late.ids());
    assertThat(maker.scene(6, 96, 128).rgb()).isNotEqualTo(late.rgb());

    byte[] three = maker.crops(3, 32).pixels();
    assertThat(maker.crops(9, 32).pixels()).startsWith(three);
  }

  @Test
  void cropsHaveAllClassesAboutEquallyOften() {
    Crops crops = new ShapeScenes(1).crops(600, 8);
    assertThat(crops.count()).isEqualTo(600);
    assertThat(crops.pixels()).hasSize(600 * 8 * 8 * 3);
    for (int id = 0; id < ShapeScenes.CLASSES.size(); id++) {
      int wanted = id;
      assertThat(Arrays.stream(crops.labels()).filter(label -> label == wanted).count())
          .isBetween(110L, 190L);
    }
  }

  @Test
  void scenesHoldEveryClassAndMostlyGround() {
    int[] pixels = new int[ShapeScenes.CLASSES.size()];
    ShapeScenes maker = new ShapeScenes(1);
    for (int i = 0; i < 30; i++) {
      Scene scene = maker.scene(i, 128, 160);
      int shapePixels = 0;
      for (byte id : scene.ids()) {
        pixels[id]++;
        shapePixels += id == 0 ? 0 : 1;
      }
      assertThat(shapePixels).as("pixels of shapes in scene %d", i).isPositive();
    }
    int all = Arrays.stream(pixels).sum();
    assertThat(pixels[0]).isBetween(all / 3, all * 9 / 10);
    for (int id = 1; id < pixels.length; id++) {
      assertThat(pixels[id]).as(ShapeScenes.CLASSES.get(id)).isGreaterThan(all / 40);
    }
  }

  @Test
  void hueDoesNotGiveTheClassAway() {
    double[] redShare = new double[ShapeScenes.CLASSES.size()];
    int[] pixels = new int[redShare.length];
    ShapeScenes maker = new ShapeScenes(1);
    for (int i = 0; i < 150; i++) {
      Scene scene = maker.scene(i, 96, 128);
      for (int at = 0; at < scene.ids().length; at++) {
        int red = scene.rgb()[3 * at] & 0xff;
        int green = scene.rgb()[3 * at + 1] & 0xff;
        int blue = scene.rgb()[3 * at + 2] & 0xff;
        redShare[scene.ids()[at]] += red / (double) Math.max(1, red + green + blue);
        pixels[scene.ids()[at]]++;
      }
    }
    for (int id = 0; id < redShare.length; id++) {
      assertThat(redShare[id] / pixels[id]).isBetween(0.28, 0.39);
    }
  }

  @Test
  void writesTheFolderThatTrainingReads(@TempDir Path folder) throws IOException {
    ShapeScenes maker = new ShapeScenes(2);
    maker.writeDataset(folder, 3, 2, 64, 80);

    assertThat(Files.readAllLines(folder.resolve("train.txt")))
        .containsExactly("scene0000", "scene0001", "scene0002");
    assertThat(Files.readAllLines(folder.resolve("val.txt")))
        .containsExactly("scene0003", "scene0004");
    assertThat(Files.readAllLines(folder.resolve("classes.txt")))
        .containsExactly("ground", "disc", "rectangle", "triangle");
    Scene scene = maker.scene(4, 64, 80);
    BufferedImage image = ImageIO.read(folder.resolve("images/scene0004.png").toFile());
    BufferedImage mask = ImageIO.read(folder.resolve("masks/scene0004.png").toFile());
    for (int[] yx : List.of(new int[] {0, 0}, new int[] {63, 79}, new int[] {40, 30})) {
      int at = yx[0] * 80 + yx[1];
      assertThat(mask.getRaster().getSample(yx[1], yx[0], 0)).isEqualTo(scene.ids()[at]);
      assertThat(image.getRGB(yx[1], yx[0]) >> 16 & 0xff).isEqualTo(scene.rgb()[3 * at] & 0xff);
    }
    try (var files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(2 * 5 + 3);
    }
  }

  @Test
  void refusesSizesThatCannotBe() {
    ShapeScenes maker = new ShapeScenes(2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> maker.crops(0, 64))
        .withMessage("count must be positive, found 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> maker.crops(1_000_000, 64))
        .withMessageContaining("do not fit one array");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> maker.scene(0, 64, 63))
        .withMessage("a scene needs at least 64 x 64 pixels, found 64 x 63");
  }
}
