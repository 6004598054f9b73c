package dev.graft.cli.demo;

/** Colour arithmetic on channels 0..1. */
final class Colours {
  private Colours() {}

  /**
   * Puts R, G, B into {@code rgb}.
   *
   * @param hue in turns; only its fraction counts
   */
  static void fromHsl(double hue, double saturation, double lightness, double[] rgb) {
    double reach = saturation * Math.min(lightness, 1 - lightness);
    rgb[0] = channel(hue, 0, reach, lightness);
    rgb[1] = channel(hue, 8, reach, lightness);
    rgb[2] = channel(hue, 4, reach, lightness);
  }

  private static double channel(double hue, int offset, double reach, double lightness) {
    double k = offset + (hue - Math.floor(hue)) * 12;
    k -= 12 * Math.floor(k / 12);
    return lightness - reach * Math.max(-1, Math.min(Math.min(k - 3, 9 - k), 1));
  }
}
