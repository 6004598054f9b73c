package dev.graft.train;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/**
 * Small data sets: noisy ground of class 0, a bright square of class 1, a border that is ignored.
 */
final class TinyData {
  static final int HEIGHT = 40;
  static final int WIDTH = 48;

  private TinyData() {}

  static Path golden(String name) {
    try {
      return Path.of(TinyData.class.getResource("/golden/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@code count} pairs, the last two of them for validation. */
  static Path write(Path folder, int count) {
    StringBuilder train = new StringBuilder();
    StringBuilder validation = new StringBuilder();
    for (int i = 0; i < count; i++) {
      String stem = "scene" + i;
      SplittableRandom random = new SplittableRandom(i);
      BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
      byte[] ids = new byte[WIDTH * HEIGHT];
      int left = random.nextInt(WIDTH - 16);
      int top = random.nextInt(HEIGHT - 16);
      for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
          boolean inside = x >= left && x < left + 16 && y >= top && y < top + 16;
          int grey = random.nextInt(80) + (inside ? 160 : 0);
          image.setRGB(x, y, grey * 0x10101);
          ids[y * WIDTH + x] = (byte) (x == 0 ? 255 : inside ? 1 : 0);
        }
      }
      image(folder.resolve("images").resolve(stem + ".png"), image);
      grey(folder.resolve("masks").resolve(stem + ".png"), ids, WIDTH, HEIGHT);
      (i < count - 2 ? train : validation).append(stem).append('\n');
    }
    text(folder.resolve("train.txt"), train.toString());
    text(folder.resolve("val.txt"), validation.toString());
    return folder;
  }

  static void grey(Path file, byte[] ids, int width, int height) {
    BufferedImage mask = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    System.arraycopy(
        ids, 0, ((DataBufferByte) mask.getRaster().getDataBuffer()).getData(), 0, ids.length);
    image(file, mask);
  }

  /** A palette image whose colours say nothing of the class: two classes even have the same one. */
  static void palette(Path file, byte[] ids, int width, int height, int bits) {
    int size = 1 << bits;
    byte[] red = new byte[size];
    byte[] green = new byte[size];
    byte[] blue = new byte[size];
    for (int i = 0; i < size; i++) {
      red[i] = (byte) (i / 2 * 40);
      green[i] = (byte) (200 - i / 2);
      blue[i] = 77;
    }
    IndexColorModel colours = new IndexColorModel(bits, size, red, green, blue);
    int type = bits == 8 ? BufferedImage.TYPE_BYTE_INDEXED : BufferedImage.TYPE_BYTE_BINARY;
    BufferedImage mask = new BufferedImage(width, height, type, colours);
    int[] samples = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      samples[i] = Byte.toUnsignedInt(ids[i]);
    }
    mask.getRaster().setPixels(0, 0, width, height, samples);
    image(file, mask);
  }

  static void image(Path file, BufferedImage image) {
    try {
      Files.createDirectories(file.getParent());
      ImageIO.write(image, "png", file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void text(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Settings for a narrow FCN-8s. */
  static TrainConfig config(Path data, long steps) {
    return new TrainConfig(
        "fcn8s",
        data.toString(),
        "",
        List.of(),
        List.of("vgg16/fc8"),
        List.of(),
        List.of("vgg16"),
        2,
        List.of(),
        255,
        steps,
        2,
        "adam",
        1e-3f,
        0.9f,
        5e-4f,
        0.5f,
        32,
        32,
        List.of("flip", "crop"),
        true,
        List.of(),
        7,
        4,
        1);
  }
}
