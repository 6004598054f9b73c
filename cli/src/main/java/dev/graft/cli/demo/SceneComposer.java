package dev.graft.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Places shapes on a scene so that they may overlap, but each stays recognisable. */
final class SceneComposer {
  private static final int MOST_SHAPES = 4;
  private static final int TRIES_A_SHAPE = 30;
  private static final double LEAST_SEEN = 0.55;
  private static final double OVERLAP_WISH =
      0.4; // share of later shapes put next to an earlier one

  private final int height;
  private final int width;
  private final SplittableRandom random;
  private final List<Shape> shapes = new ArrayList<>();
  private final byte[] owners; // per pixel: 1 + index of the topmost shape, 0 for the ground

  SceneComposer(int height, int width, SplittableRandom random) {
    this.height = height;
    this.width = width;
    this.random = random;
    this.owners = new byte[height * width];
  }

  /** One to four shapes, in painting order. */
  List<Shape> compose() {
    int wanted = random.nextInt(1, MOST_SHAPES + 1);
    int tries = 0;
    while (shapes.isEmpty() || (shapes.size() < wanted && tries < wanted * TRIES_A_SHAPE)) {
      place(draw());
      tries++;
    }
    return List.copyOf(shapes);
  }

  /** The class of every pixel, [height, width]. */
  byte[] ids() {
    byte[] ids = new byte[owners.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = owners[i] == 0 ? 0 : (byte) shapes.get(owners[i] - 1).kind().classId;
    }
    return ids;
  }

  private Shape draw() {
    Shape.Kind kind = Shape.Kind.values()[random.nextInt(Shape.Kind.values().length)];
    double radius = random.nextDouble(ShapeScenes.LEAST_RADIUS, ShapeScenes.MOST_RADIUS);
    double x = random.nextDouble(0.7 * radius, Math.max(0.71 * radius, width - 0.7 * radius));
    double y = random.nextDouble(0.7 * radius, Math.max(0.71 * radius, height - 0.7 * radius));
    if (!shapes.isEmpty() && random.nextDouble() < OVERLAP_WISH) {
      Shape neighbour = shapes.get(random.nextInt(shapes.size()));
      double angle = random.nextDouble(2 * StrictMath.PI);
      double distance = random.nextDouble(0.9, 1.5) * radius;
      x = neighbour.centreX() + distance * StrictMath.cos(angle);
      y = neighbour.centreY() + distance * StrictMath.sin(angle);
    }
    return new Shape(kind, x, y, radius, random);
  }

  /** Takes the shape unless too little would be seen of it or of one below it. */
  private void place(Shape shape) {
    int[] seen = new int[shapes.size() + 1]; // pixels, by owner; the new shape's in seen[0]
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int owner = owners[y * width + x];
        if (shape.depth(x, y) > 0) {
          seen[0]++;
        } else if (owner != 0) {
          seen[owner]++;
        }
      }
    }
    if (seen[0] < LEAST_SEEN * shape.area()) {
      return;
    }
    for (int i = 0; i < shapes.size(); i++) {
      if (seen[i + 1] < LEAST_SEEN * shapes.get(i).area()) {
        return;
      }
    }
    shapes.add(shape);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        if (shape.depth(x, y) > 0) {
          owners[y * width + x] = (byte) shapes.size();
        }
      }
    }
  }
}
