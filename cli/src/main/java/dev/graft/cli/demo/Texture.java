package dev.graft.cli.demo;

import java.util.SplittableRandom;

/** One drawn sample of a texture family: a pattern value for every point, between two colours. */
final class Texture {
  /** The families. A family looks alike at any hue, turn, phase and (within bounds) scale. */
  enum Family {
    STRIPES,
    CHECKERS,
    DOTS,
    CLOUDS
  }

  private final Family family;
  private final double cos;
  private final double sin;
  private final double period; // pixels
  private final double shiftX;
  private final double shiftY;
  private final long lattice; // seeds the clouds' random lattice
  private final double[] dark = new double[3];
  private final double[] light = new double[3];

  Texture(Family family, SplittableRandom random) {
    this.family = family;
    double angle = random.nextDouble(2 * StrictMath.PI);
    this.cos = StrictMath.cos(angle);
    this.sin = StrictMath.sin(angle);
    this.period =
        switch (family) {
          case STRIPES -> random.nextDouble(5, 8);
          case CHECKERS -> random.nextDouble(8, 12);
          case DOTS -> random.nextDouble(7, 10);
          case CLOUDS -> random.nextDouble(7, 14);
        };
    this.shiftX = random.nextDouble(period);
    this.shiftY = random.nextDouble(period);
    this.lattice = random.nextLong();
    double hue = random.nextDouble();
    double middle = random.nextDouble(0.38, 0.62);
    double contrast = random.nextDouble(0.15, 0.25);
    Colours.fromHsl(hue, random.nextDouble(0.2, 0.8), middle - contrast, dark);
    Colours.fromHsl(
        hue + random.nextDouble(-0.15, 0.15),
        random.nextDouble(0.2, 0.8),
        middle + contrast,
        light);
  }

  /** Channel {@code channel} (R, G, B) of the colour at a point given in pixels, 0..1. */
  double colour(double pattern, int channel) {
    return dark[channel] + pattern * (light[channel] - dark[channel]);
  }

  /** The pattern's value at a point given in pixels: 0 is the dark colour, 1 the light one. */
  double pattern(double x, double y) {
    double u = cos * x + sin * y + shiftX;
    double v = cos * y - sin * x + shiftY;
    return switch (family) {
      case STRIPES -> soften(wave(u / period));
      case CHECKERS -> soften(wave(u / period) * wave(v / period));
      case DOTS -> dots(u / period, v / period);
      case CLOUDS -> clouds(u / period, v / period);
    };
  }

  /** A triangle wave of period 1 between -1 and 1. */
  private static double wave(double t) {
    return 4 * Math.abs(t - Math.floor(t) - 0.5) - 1;
  }

  private static double soften(double value) {
    return clamp(0.5 + 1.5 * value);
  }

  private static double dots(double u, double v) {
    double du = u - Math.floor(u) - 0.5;
    double dv = v - Math.floor(v) - 0.5;
    return clamp(0.5 + 6 * (0.3 - Math.sqrt(du * du + dv * dv)));
  }

  /** Two octaves of value noise. */
  private double clouds(double u, double v) {
    double value = 0.65 * valueNoise(u, v) + 0.35 * valueNoise(2.3 * u + 17, 2.3 * v + 5);
    return clamp(0.5 + 1.4 * (value - 0.5));
  }

  private double valueNoise(double u, double v) {
    long column = (long) Math.floor(u);
    long row = (long) Math.floor(v);
    double fx = smooth(u - column);
    double fy = smooth(v - row);
    double top = lerp(corner(column, row), corner(column + 1, row), fx);
    double bottom = lerp(corner(column, row + 1), corner(column + 1, row + 1), fx);
    return lerp(top, bottom, fy);
  }

  private double corner(long column, long row) {
    return Hashing.unit(lattice + column * 0x9E3779B97F4A7C15L + row * 0xD1B54A32D192ED03L);
  }

  private static double smooth(double t) {
    return t * t * (3 - 2 * t);
  }

  private static double lerp(double from, double to, double t) {
    return from + t * (to - from);
  }

  private static double clamp(double value) {
    return Math.max(0, Math.min(1, value));
  }
}
