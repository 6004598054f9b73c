package dev.graft.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Photographs and masks in folders. Two layouts are known:
 *
 * <pre>
 * images/STEM.{png,jpg,jpeg,bmp}  masks/STEM.png  [train.txt val.txt]  [classes.txt]
 * JPEGImages/STEM.jpg  SegmentationClass/STEM.png  ImageSets/Segmentation/{train,val}.txt   (VOC)
 * </pre>
 *
 * <p>The lists hold a stem a line. Without lists a fifth of all pairs, drawn with a seed, is for
 * validation. {@code classes.txt} has the names of the classes, a line each, from class 0.
 */
public final class SegmentationDataset {
  private static final List<String> IMAGE_TYPES = List.of("png", "jpg", "jpeg", "bmp");
  private static final int VALIDATION_SHARE = 5;

  private final Path folder;
  private final List<Sample> train;
  private final List<Sample> validation;
  private final List<String> classNames;

  private SegmentationDataset(
      Path folder, List<Sample> train, List<Sample> validation, List<String> classNames) {
    this.folder = folder;
    this.train = train;
    this.validation = validation;
    this.classNames = classNames;
  }

  /**
   * Finds the pairs of a folder; opens no image yet.
   *
   * @param masks the name of the masks' folder, or empty for the layout's own
   * @param seed of the split where there are no lists
   * @throws DatasetException listing every pair that is not complete
   */
  public static SegmentationDataset open(Path folder, String masks, long seed) {
    if (!Files.isDirectory(folder)) {
      throw new DatasetException(folder + ": there is no such folder");
    }
    boolean voc = Files.isDirectory(folder.resolve("JPEGImages"));
    Path imageFolder = folder.resolve(voc ? "JPEGImages" : "images");
    String maskName = masks.isEmpty() ? voc ? "SegmentationClass" : "masks" : masks;
    Path maskFolder = folder.resolve(maskName);
    Path listFolder = voc ? folder.resolve("ImageSets").resolve("Segmentation") : folder;
    List<String> missing = new ArrayList<>();
    for (Path needed : List.of(imageFolder, maskFolder)) {
      if (!Files.isDirectory(needed)) {
        missing.add("there is no folder " + needed);
      }
    }
    if (!missing.isEmpty()) {
      throw DatasetException.of(
          folder + ": expected images/ and masks/, or JPEGImages/ and SegmentationClass/", missing);
    }
    Map<String, Path> images = files(imageFolder, IMAGE_TYPES);
    Map<String, Path> maskFiles = files(maskFolder, List.of("png"));
    Path trainList = listFolder.resolve("train.txt");
    Path validationList = listFolder.resolve("val.txt");
    List<String> problems = new ArrayList<>();
    List<Sample> train;
    List<Sample> validation;
    if (Files.exists(trainList)) {
      train = pairs(stems(trainList), images, maskFiles, trainList.toString(), problems);
      validation =
          Files.exists(validationList)
              ? pairs(stems(validationList), images, maskFiles, validationList.toString(), problems)
              : List.of();
    } else {
      // VOC has photographs without masks; elsewhere a photograph without a mask is a mistake.
      List<String> all = new ArrayList<>(voc ? maskFiles.keySet() : images.keySet());
      List<Sample> pairs = pairs(all, images, maskFiles, imageFolder.toString(), problems);
      Collections.shuffle(pairs, new Random(seed));
      int held = pairs.size() < 2 ? 0 : Math.max(1, pairs.size() / VALIDATION_SHARE);
      validation = List.copyOf(pairs.subList(0, held));
      train = List.copyOf(pairs.subList(held, pairs.size()));
    }
    if (!problems.isEmpty()) {
      throw DatasetException.of(folder + ": the data set is not complete", problems);
    }
    if (train.isEmpty() && validation.isEmpty()) {
      throw new DatasetException(
          folder + ": there are no images in " + imageFolder + " (" + IMAGE_TYPES + ")");
    }
    Path classes = folder.resolve("classes.txt");
    List<String> names = Files.exists(classes) ? stems(classes) : List.of();
    return new SegmentationDataset(folder, train, validation, names);
  }

  /** The folder. */
  public Path folder() {
    return folder;
  }

  /** What to train on. */
  public List<Sample> train() {
    return train;
  }

  /** What to validate on; may be empty. */
  public List<Sample> validation() {
    return validation;
  }

  /**
   * One of the two parts by name.
   *
   * @throws DatasetException for a name that is neither train nor val, or an empty part
   */
  public List<Sample> split(String name) {
    List<Sample> samples =
        switch (name) {
          case "train" -> train;
          case "val" -> validation;
          default ->
              throw new DatasetException("there is no split '" + name + "'; use train or val");
        };
    if (samples.isEmpty()) {
      throw new DatasetException(folder + ": the split '" + name + "' has no images");
    }
    return samples;
  }

  /** The names of the classes from class 0; empty where there is no {@code classes.txt}. */
  public List<String> classNames() {
    return classNames;
  }

  private static Map<String, Path> files(Path folder, List<String> types) {
    Map<String, Path> result = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        if (dot <= 0 || !types.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT))) {
          continue;
        }
        Path other = result.put(name.substring(0, dot), file);
        if (other != null) {
          problems.add(other + " and " + file + " have the same stem");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder + ": " + e.getMessage(), e);
    }
    if (!problems.isEmpty()) {
      throw DatasetException.of(folder + ": it is not clear which image is meant", problems);
    }
    return result;
  }

  private static List<String> stems(Path list) {
    try {
      return Files.readAllLines(list).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + list + ": " + e.getMessage(), e);
    }
  }

  private static List<Sample> pairs(
      List<String> stems,
      Map<String, Path> images,
      Map<String, Path> masks,
      String where,
      List<String> problems) {
    List<Sample> result = new ArrayList<>();
    for (String stem : stems) {
      Path image = images.get(stem);
      Path mask = masks.get(stem);
      if (image == null) {
        problems.add(where + ": there is no image for '" + stem + "'");
      } else if (mask == null) {
        problems.add(where + ": there is no mask for '" + stem + "'");
      } else {
        result.add(new Sample(stem, image, mask));
      }
    }
    return result;
  }
}
