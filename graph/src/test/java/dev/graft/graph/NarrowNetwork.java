package dev.graft.graph;

import dev.graft.weights.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Models of few channels, and noise to feed them with. */
final class NarrowNetwork {
  /** Channels of the five stages: what is no multiple of a vector's width is among them. */
  private static final int[] CHANNELS = {8, 12, 16, 20, 24};

  private static final int FC_CHANNELS = 32;

  private NarrowNetwork() {}

  static Map<String, Shape> shapes(Model model, int classes) {
    return shapes(model, classes, CHANNELS);
  }

  /**
   * Likewise, with so many channels in the first stage that its layers are computed in one pass.
   */
  static Map<String, Shape> shapesForOnePass(Model model, int classes) {
    int[] channels = CHANNELS.clone();
    channels[0] = 32;
    return shapes(model, classes, channels);
  }

  private static Map<String, Shape> shapes(Model model, int classes, int[] channels) {
    Map<String, Shape> widths = new LinkedHashMap<>();
    String scope = model.backbone().scope() + "/";
    for (int stage = 1; stage <= channels.length; stage++) {
      for (String layer : model.backbone().layers(stage)) {
        widths.put(scope + layer + "/bias", Shape.of(channels[stage - 1]));
      }
    }
    widths.put(scope + "fc6/bias", Shape.of(FC_CHANNELS));
    widths.put(scope + "fc7/bias", Shape.of(FC_CHANNELS));
    return ParameterShapes.resolve(model, widths, classes);
  }

  /** Seeded bytes below a bound. */
  static byte[] noise(long seed, int length, int bound) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) random.nextInt(bound);
    }
    return bytes;
  }
}
