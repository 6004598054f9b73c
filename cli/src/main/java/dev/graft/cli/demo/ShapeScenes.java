package dev.graft.cli.demo;

import dev.graft.cli.demo.Painter.Painted;
import dev.graft.cli.image.Images;
import dev.graft.cli.image.MaskImages;
import dev.graft.cli.io.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Makes pictures of textured shapes on textured ground: crops with one shape or none for a
 * classifier, and scenes with masks for segmentation. Colours are random for ground and shapes
 * alike, so they say nothing about the class. The ground is clouded; all but one in fifty shapes
 * wear the texture family of their kind and that one any: texture helps, but only the outline
 * always tells.
 */
public final class ShapeScenes {
  /** Names of the class ids in masks and of the labels of crops, in order. */
  public static final List<String> CLASSES = List.of("ground", "disc", "rectangle", "triangle");

  static final double LEAST_RADIUS = 24; // pixels, of a disc; other shapes have about its area
  static final double MOST_RADIUS = 40;

  private static final int LEAST_SIDE = 64; // pixels: room for one shape

  private static final double USUAL_TEXTURE = 0.98;
  private static final long CROP_STREAM = 1;
  private static final long SCENE_STREAM = 2;

  private final long seed;

  /** A maker whose pictures all follow from {@code seed}. */
  public ShapeScenes(long seed) {
    this.seed = seed;
  }

  /**
   * Makes pictures of one shape each or of bare ground; the classes are drawn uniformly. Bare
   * ground is among them so that a classifier learns to tell shapes from ground as well, which is
   * most of what segmentation asks. Shapes have 24 to 40 pixels radius whatever the size, as in
   * scenes, so at 64 x 64 pixels many are cut by the edge.
   *
   * @throws IllegalArgumentException if {@code count} or {@code size} is not positive, or the
   *     pictures do not fit one array
   */
  public Crops crops(int count, int size) {
    requirePositive("count", count);
    requirePositive("size", size);
    if (3L * count * size * size > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          count + " crops of " + size + " x " + size + " pixels do not fit one array");
    }
    byte[] pixels = new byte[count * size * size * 3];
    int[] labels = new int[count];
    // Every crop has its own generator, so the threads' order does not show.
    IntStream.range(0, count)
        .parallel()
        .forEach(
            i -> {
              SplittableRandom random = random(CROP_STREAM, i);
              labels[i] = random.nextInt(CLASSES.size());
              List<Shape> shapes =
                  labels[i] == 0 ? List.of() : List.of(cropped(labels[i], size, random));
              paint(shapes, random, pixels, i * size * size * 3, size, size);
            });
    return new Crops(pixels, labels, size);
  }

  private static Shape cropped(int label, int size, SplittableRandom random) {
    double radius = random.nextDouble(LEAST_RADIUS, MOST_RADIUS);
    double play = Math.max(1, size / 2.0 - 0.9 * radius);
    double x = size / 2.0 + random.nextDouble(-play, play);
    double y = size / 2.0 + random.nextDouble(-play, play);
    return new Shape(Shape.Kind.values()[label - 1], x, y, radius, random);
  }

  /**
   * Makes scene number {@code index}: one to four shapes, which may overlap and be cut by the edge;
   * of each at least 55 % is seen.
   *
   * @throws IllegalArgumentException if a size is below 64 pixels
   */
  public Scene scene(int index, int height, int width) {
    if (height < LEAST_SIDE || width < LEAST_SIDE) {
      throw new IllegalArgumentException(
          "a scene needs at least 64 x 64 pixels, found " + height + " x " + width);
    }
    SplittableRandom random = random(SCENE_STREAM, index);
    SceneComposer composer = new SceneComposer(height, width, random);
    List<Shape> shapes = composer.compose();
    byte[] rgb = new byte[height * width * 3];
    paint(shapes, random, rgb, 0, height, width);
    return new Scene(rgb, composer.ids(), height, width);
  }

  /**
   * Writes scenes 0..train+val-1 as a segmentation folder: {@code images/STEM.png} (RGB), {@code
   * masks/STEM.png} (8-bit grey, value = class id), {@code train.txt} and {@code val.txt} (one stem
   * a line), {@code classes.txt} (one name a line, the first is class 0). Folders are made as
   * needed, files of the same name replaced.
   *
   * @throws IOException that names the file that cannot be written
   */
  public void writeDataset(Path folder, int train, int val, int height, int width)
      throws IOException {
    requirePositive("train", train);
    requirePositive("val", val);
    Path images = Files.createDirectories(folder.resolve("images"));
    Path masks = Files.createDirectories(folder.resolve("masks"));
    List<String> stems = new ArrayList<>();
    for (int i = 0; i < train + val; i++) {
      String stem = stem(i);
      Scene scene = scene(i, height, width);
      Images.writeRgb(images.resolve(stem + ".png"), scene.rgb(), height, width);
      MaskImages.writeGrey(masks.resolve(stem + ".png"), scene.ids(), height, width);
      stems.add(stem);
    }
    AtomicFiles.writeText(folder.resolve("train.txt"), lines(stems.subList(0, train)));
    AtomicFiles.writeText(folder.resolve("val.txt"), lines(stems.subList(train, train + val)));
    AtomicFiles.writeText(folder.resolve("classes.txt"), lines(CLASSES));
  }

  /** The file stem of scene number {@code index} in a written data set. */
  public static String stem(int index) {
    return String.format(Locale.ROOT, "scene%04d", index);
  }

  private static void paint(
      List<Shape> shapes, SplittableRandom random, byte[] rgb, int offset, int height, int width) {
    Texture ground = new Texture(Texture.Family.CLOUDS, random);
    List<Painted> painted = new ArrayList<>();
    for (Shape shape : shapes) {
      painted.add(new Painted(shape, new Texture(familyOf(shape.kind(), random), random)));
    }
    Painter.paint(ground, painted, random.nextLong(), rgb, offset, height, width);
  }

  private static Texture.Family familyOf(Shape.Kind kind, SplittableRandom random) {
    if (random.nextDouble() >= USUAL_TEXTURE) {
      return anyFamily(random);
    }
    return switch (kind) {
      case DISC -> Texture.Family.STRIPES;
      case RECTANGLE -> Texture.Family.CHECKERS;
      case TRIANGLE -> Texture.Family.DOTS;
    };
  }

  private static Texture.Family anyFamily(SplittableRandom random) {
    Texture.Family[] families = Texture.Family.values();
    return families[random.nextInt(families.length)];
  }

  private SplittableRandom random(long stream, long index) {
    return new SplittableRandom(Hashing.mix(Hashing.mix(seed) + Hashing.mix(stream << 32 | index)));
  }

  private static String lines(List<String> values) {
    return String.join("\n", values) + "\n";
  }

  private static void requirePositive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, found " + value);
    }
  }
}
