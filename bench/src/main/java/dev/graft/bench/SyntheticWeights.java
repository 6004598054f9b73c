package dev.graft.bench;

import dev.graft.graph.ConstantsCache;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.WeightWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Seeded weights for networks that need not know anything. */
public final class SyntheticWeights {
  /** Of everything that the benchmarks make up. */
  public static final long SEED = 20;

  /** Part of the file's name: to be counted up when the values or the container change. */
  private static final int VERSION = 1;

  private static final long AGE_SECONDS = 60;

  private SyntheticWeights() {}

  /**
   * float32 arrays of these shapes, computed when read; the same for the same seed.
   *
   * @param shapes by graph name
   */
  public static WeightStore of(Map<String, Shape> shapes, long seed) {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    shapes.forEach((name, shape) -> arrays.put(name, new SyntheticArray(name, shape, seed)));
    return WeightStores.of(arrays, "synthetic weights with the seed " + seed);
  }

  /**
   * A dictionary npy with a whole VGG16 classifier under graph names: 528 MiB at full size. It is
   * written to the folder {@code bench} of the user's cache when it is not there yet.
   */
  public static Path classifierFile(NetSize size) {
    Path folder = ConstantsCache.ofUser().folder().resolve("bench");
    Path file = folder.resolve("vgg16-" + size + "-" + SEED + "-v" + VERSION + ".npy");
    try {
      if (!Files.exists(file)) {
        Files.createDirectories(folder);
        WeightWriter.write(file, of(size.classifierShapes(), SEED));
        // The cache does not remember a file that was written just now, for it may still be
        // changing. This one is not, and the first fork should find what the others find.
        Instant earlier = Instant.now().minusSeconds(AGE_SECONDS);
        Files.setLastModifiedTime(file, FileTime.from(earlier));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
    return file;
  }
}
