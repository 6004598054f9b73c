package dev.graft.cli.demo;

import java.util.List;

/** Turns a ground texture and a list of textured shapes into pixels. */
final class Painter {
  private static final double GRAIN = 0.05;

  private Painter() {}

  /** A shape and what it is covered with. */
  record Painted(Shape shape, Texture texture) {}

  /**
   * Paints the shapes in order, each over those before it, with soft edges one pixel wide and a
   * little random grain on every channel.
   *
   * @param rgb receives [height, width, 3] from {@code offset} on
   */
  static void paint(
      Texture ground,
      List<Painted> shapes,
      long grainSeed,
      byte[] rgb,
      int offset,
      int height,
      int width) {
    double[] colour = new double[3];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        put(ground, x, y, 1, colour);
        for (Painted painted : shapes) {
          double cover = 0.5 + painted.shape().depth(x, y);
          if (cover > 0) {
            put(painted.texture(), x, y, Math.min(1, cover), colour);
          }
        }
        int at = (y * width + x) * 3;
        for (int channel = 0; channel < 3; channel++) {
          double grain = GRAIN * (2 * Hashing.unit(grainSeed + at + channel) - 1);
          double value = Math.max(0, Math.min(1, colour[channel] + grain));
          rgb[offset + at + channel] = (byte) Math.round(255 * value);
        }
      }
    }
  }

  private static void put(Texture texture, int x, int y, double cover, double[] colour) {
    double pattern = texture.pattern(x, y);
    for (int channel = 0; channel < 3; channel++) {
      colour[channel] += cover * (texture.colour(pattern, channel) - colour[channel]);
    }
  }
}
