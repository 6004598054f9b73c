package dev.graft.cli.demo;

import java.util.SplittableRandom;

/** A shape at a place, with a size and a turn. Lengths in pixels. */
final class Shape {
  /** What a shape may be, in the order of the class ids. */
  enum Kind {
    DISC(1),
    RECTANGLE(2),
    TRIANGLE(3);

    /** Index into {@link ShapeScenes#CLASSES}. */
    final int classId;

    Kind(int classId) {
      this.classId = classId;
    }
  }

  private static final double HALF_SQRT3 = Math.sqrt(3) / 2;

  private final Kind kind;
  private final double centreX;
  private final double centreY;
  private final double radius;
  private final double halfHeight; // of the rectangle only
  private final double cos;
  private final double sin;

  /** The shape of {@code kind} with about the area of a disc of {@code radius}, randomly turned. */
  Shape(Kind kind, double centreX, double centreY, double radius, SplittableRandom random) {
    this.kind = kind;
    this.centreX = centreX;
    this.centreY = centreY;
    double aspect = random.nextDouble(0.65, 1);
    this.radius =
        switch (kind) {
          case DISC -> radius;
          case RECTANGLE -> radius * 0.886 / Math.sqrt(aspect);
          case TRIANGLE -> radius * 0.778; // of the inscribed circle
        };
    this.halfHeight = this.radius * aspect;
    double angle = random.nextDouble(2 * StrictMath.PI);
    this.cos = StrictMath.cos(angle);
    this.sin = StrictMath.sin(angle);
  }

  Kind kind() {
    return kind;
  }

  double centreX() {
    return centreX;
  }

  double centreY() {
    return centreY;
  }

  /** The area of the whole shape, in square pixels. */
  double area() {
    return switch (kind) {
      case DISC -> Math.PI * radius * radius;
      case RECTANGLE -> 4 * radius * halfHeight;
      case TRIANGLE -> 6 * HALF_SQRT3 * radius * radius;
    };
  }

  /** How far inside the shape a point is (negative: outside), in pixels; exact near the edges. */
  double depth(double x, double y) {
    double dx = x - centreX;
    double dy = y - centreY;
    double u = cos * dx + sin * dy;
    double v = cos * dy - sin * dx;
    return switch (kind) {
      case DISC -> radius - Math.sqrt(u * u + v * v);
      case RECTANGLE -> Math.min(radius - Math.abs(u), halfHeight - Math.abs(v));
      case TRIANGLE -> radius - Math.max(-v, HALF_SQRT3 * Math.abs(u) + v / 2);
    };
  }
}
