package dev.graft.cli.image;

import java.io.IOException;
import java.nio.file.Path;

/** Lays the colours of a class-id map over the picture it belongs to. */
public final class Overlays {
  private static final double ALPHA = 0.5;

  private Overlays() {}

  /**
   * A copy of {@code rgb} with every pixel blended half and half with the colour of its class.
   * Class 0 (the ground) and the ignored label leave the picture as it is. With {@code outlines},
   * the border pixels of each coloured region take a bright form of the region's colour, so that
   * regions stay legible over a picture of any colour.
   *
   * @param rgb [height, width, 3]
   * @param ids [height, width], unsigned
   * @param ignoredLabel the label without a class in 0..255, or -1 if there is none
   * @return [height, width, 3]
   * @throws IllegalArgumentException if an array's length does not fit the size
   */
  public static byte[] blend(
      byte[] rgb, byte[] ids, int height, int width, int ignoredLabel, boolean outlines) {
    Images.requireSize("rgb", rgb, height, width, 3);
    Images.requireSize("ids", ids, height, width, 1);
    byte[] blended = rgb.clone();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int pixel = y * width + x;
        int id = ids[pixel] & 0xff;
        if (id == 0 || id == ignoredLabel) {
          continue;
        }
        if (outlines && isBorder(ids, height, width, y, x)) {
          mix(blended, pixel, bright(ClassPalette.rgb(id)), 1);
        } else {
          mix(blended, pixel, ClassPalette.rgb(id), ALPHA);
        }
      }
    }
    return blended;
  }

  /**
   * Writes {@link #blend} of the arguments, with outlines, as a PNG.
   *
   * @throws IOException that names {@code file}; whatever was there before is still there
   */
  public static void write(
      Path file, byte[] rgb, byte[] ids, int height, int width, int ignoredLabel)
      throws IOException {
    Images.writeRgb(file, blend(rgb, ids, height, width, ignoredLabel, true), height, width);
  }

  /** Whether one of the four neighbours has another id; the picture's edge is no border. */
  private static boolean isBorder(byte[] ids, int height, int width, int y, int x) {
    int pixel = y * width + x;
    byte id = ids[pixel];
    return (x > 0 && ids[pixel - 1] != id)
        || (x < width - 1 && ids[pixel + 1] != id)
        || (y > 0 && ids[pixel - width] != id)
        || (y < height - 1 && ids[pixel + width] != id);
  }

  private static void mix(byte[] rgb, int pixel, int colour, double alpha) {
    for (int channel = 0; channel < 3; channel++) {
      int at = pixel * 3 + channel;
      int over = colour >> (16 - 8 * channel) & 0xff;
      rgb[at] = (byte) Math.round((1 - alpha) * (rgb[at] & 0xff) + alpha * over);
    }
  }

  /** The colour's own hue, as light as it gets, and a little towards white. */
  private static int bright(int colour) {
    int red = colour >> 16 & 0xff;
    int green = colour >> 8 & 0xff;
    int blue = colour & 0xff;
    int top = Math.max(1, Math.max(red, Math.max(green, blue)));
    return lift(red, top) << 16 | lift(green, top) << 8 | lift(blue, top);
  }

  private static int lift(int channel, int top) {
    int full = channel * 255 / top;
    return full + (255 - full) / 4;
  }
}
