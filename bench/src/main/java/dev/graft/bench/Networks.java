package dev.graft.bench;

import dev.graft.capi.SessionOptions;
import dev.graft.graph.ConstantsCache;
import dev.graft.graph.Kernels;
import dev.graft.graph.Model;
import dev.graft.graph.ModelWeights;
import dev.graft.graph.Predictor;
import dev.graft.mapping.NameMapping;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** What the benchmarks of networks share. */
public final class Networks {
  /** Classes of the segmentation networks: those of PASCAL VOC, the background among them. */
  public static final int SEGMENTATION_CLASSES = 21;

  private Networks() {}

  /** All weights of a model on VGG16 from the synthetic file; a segmentation head is new. */
  public static ModelWeights weights(Model model, NetSize size) {
    ModelWeights.Source source =
        new ModelWeights.Source(
            SyntheticWeights.classifierFile(size), NameMapping.bundled("graft"));
    boolean segments = model.segments();
    ModelWeights.Request request =
        new ModelWeights.Request(
            model,
            List.of(source),
            segments ? Set.of("vgg16/fc8") : Set.of(),
            segments ? List.of(model.headScope()) : List.of(),
            segments ? SEGMENTATION_CLASSES : 0,
            SyntheticWeights.SEED);
    return ModelWeights.load(request, ConstantsCache.ofUser());
  }

  /** A predictor on those weights, all of them constants. */
  public static Predictor predictor(
      Model model, NetSize size, Kernels kernels, SessionOptions options) {
    try (ModelWeights weights = weights(model, size)) {
      return Predictor.of(weights, kernels, options, bytes -> {});
    }
  }

  /** What networks are built with: the benchmark parameter {@code kernels}. */
  static Kernels kernels(String label) {
    return switch (label) {
      case "own" -> Kernels.AUTO;
      case "stock" -> Kernels.STOCK;
      default -> throw new IllegalArgumentException("kernels is own or stock, not " + label);
    };
  }

  /** Seeded uint8 values below a bound. */
  public static byte[] noise(int length, int bound) {
    Random random = new Random(SyntheticWeights.SEED);
    byte[] values = new byte[length];
    for (int i = 0; i < length; i++) {
      values[i] = (byte) random.nextInt(bound);
    }
    return values;
  }
}
