package dev.graft.cli.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.nio.file.Path;

/** Writes class-id maps as 8-bit PNG files whose sample values are the ids. */
public final class MaskImages {
  private MaskImages() {}

  /**
   * Writes a palette PNG: the index of a pixel is its class id, shown in {@link ClassPalette}'s
   * colours (as in PASCAL VOC's SegmentationClass).
   *
   * @param ids [height, width], unsigned
   * @throws IllegalArgumentException if the array's length does not fit the size
   * @throws IOException that names {@code file}; whatever was there before is still there
   */
  public static void write(Path file, byte[] ids, int height, int width) throws IOException {
    Images.requireSize("ids", ids, height, width, 1);
    write(
        file,
        ids,
        new BufferedImage(
            width, height, BufferedImage.TYPE_BYTE_INDEXED, ClassPalette.colorModel()));
  }

  /**
   * Writes a grey PNG: the grey value of a pixel is its class id. Parameters and errors are those
   * of {@link #write}.
   */
  public static void writeGrey(Path file, byte[] ids, int height, int width) throws IOException {
    Images.requireSize("ids", ids, height, width, 1);
    write(file, ids, new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY));
  }

  private static void write(Path file, byte[] ids, BufferedImage image) throws IOException {
    byte[] pixels = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    System.arraycopy(ids, 0, pixels, 0, ids.length);
    Images.writePng(file, image);
  }
}
