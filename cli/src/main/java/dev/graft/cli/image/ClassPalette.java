package dev.graft.cli.image;

import java.awt.image.IndexColorModel;
import java.util.Locale;

/**
 * The colours of the class ids 0..255: PASCAL VOC's colour map. Masks, overlays and legends all
 * take their colours from here.
 */
public final class ClassPalette {
  /** Number of colours, one for every value of an unsigned byte. */
  public static final int SIZE = 256;

  private static final int[] COLOURS = new int[SIZE];

  static {
    for (int id = 0; id < SIZE; id++) {
      COLOURS[id] = vocColour(id);
    }
  }

  private ClassPalette() {}

  /**
   * The colour of a class as {@code 0xRRGGBB}.
   *
   * @throws IndexOutOfBoundsException if {@code id} is not in 0..255
   */
  public static int rgb(int id) {
    return COLOURS[id];
  }

  /** The colour of a class in CSS form, e.g. {@code #800000}. */
  public static String css(int id) {
    return String.format(Locale.ROOT, "#%06x", rgb(id));
  }

  /** The whole table as the colour model of an 8-bit palette image. */
  static IndexColorModel colorModel() {
    return new IndexColorModel(8, SIZE, COLOURS, 0, false, -1, java.awt.image.DataBuffer.TYPE_BYTE);
  }

  /**
   * Bits 0, 1, 2 of the id are the top bits of red, green, blue; bits 3, 4, 5 the next; and so on.
   */
  private static int vocColour(int id) {
    int red = 0;
    int green = 0;
    int blue = 0;
    for (int bit = 7, rest = id; rest != 0; bit--, rest >>= 3) {
      red |= (rest & 1) << bit;
      green |= (rest >> 1 & 1) << bit;
      blue |= (rest >> 2 & 1) << bit;
    }
    return red << 16 | green << 8 | blue;
  }
}
