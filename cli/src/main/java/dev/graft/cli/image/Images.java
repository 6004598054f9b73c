package dev.graft.cli.image;

import dev.graft.cli.io.AtomicFiles;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes pictures as PNG files, each whole or not at all. */
public final class Images {
  private Images() {}

  /**
   * Writes an RGB picture as a 24-bit PNG.
   *
   * @param rgb [height, width, 3]
   * @throws IllegalArgumentException if the array's length does not fit the size
   * @throws IOException that names {@code file}
   */
  public static void writeRgb(Path file, byte[] rgb, int height, int width) throws IOException {
    requireSize("rgb", rgb, height, width, 3);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    byte[] pixels = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < rgb.length; i += 3) {
      pixels[i] = rgb[i + 2];
      pixels[i + 1] = rgb[i + 1];
      pixels[i + 2] = rgb[i];
    }
    writePng(file, image);
  }

  static void writePng(Path file, BufferedImage image) throws IOException {
    AtomicFiles.write(
        file,
        out -> {
          // ImageIO's own stream for an OutputStream would go through a temporary file elsewhere.
          try (var png = new MemoryCacheImageOutputStream(out)) {
            if (!ImageIO.write(image, "png", png)) {
              throw new IOException("this Java runtime has no PNG writer");
            }
          }
        });
  }

  static void requireSize(String name, byte[] array, int height, int width, int channels) {
    if (height <= 0 || width <= 0 || array.length != (long) height * width * channels) {
      throw new IllegalArgumentException(
          String.format(
              "%s: expected height x width x channels = %d x %d x %d bytes, found %d",
              name, height, width, channels, array.length));
    }
  }
}
