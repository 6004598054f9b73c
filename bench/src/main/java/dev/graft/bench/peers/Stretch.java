package dev.graft.bench.peers;

import dev.graft.bench.NetSize;
import dev.graft.bench.SyntheticWeights;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Layers of VGG16 that follow each other, and the size of their input.
 *
 * @param size of the network
 * @param from index of the first layer
 * @param to index behind the last layer
 * @param fcSame whether fc6 is SAME, as in an FCN
 * @param batch images
 * @param pixels height and width of the input of the first layer
 */
record Stretch(NetSize size, int from, int to, boolean fcSame, int batch, int pixels) {
  /** The mean of pixels, about. */
  private static final int PIXEL_MEAN = 118;

  List<VggLayer> layers() {
    return VggLayer.all(size, fcSame).subList(from, to);
  }

  /** Whether the input are pixels. */
  boolean fromPixels() {
    return from == 0;
  }

  /** The end point that is fed, where it is not pixels. */
  String fed() {
    return VggLayer.all(size, fcSame).get(from - 1).endPoint();
  }

  /** The end point that is fetched. */
  String fetched() {
    return VggLayer.all(size, fcSame).get(to - 1).endPoint();
  }

  /** [batch, height, width, channels]. */
  long[] inputShape() {
    return new long[] {batch, pixels, pixels, layers().get(0).channelsIn()};
  }

  /** [batch, height, width, channels]. */
  long[] outputShape() {
    int reduced = pixels;
    for (VggLayer layer : layers()) {
      reduced = layer.reduced(reduced);
    }
    return new long[] {batch, reduced, reduced, layers().get(to - from - 1).channelsOut()};
  }

  /** The names of its layers and pools, as in {@code conv1_2+pool1}. */
  String label() {
    return layers().stream()
        .map(layer -> layer.pool().isEmpty() ? layer.name() : layer.name() + "+" + layer.pool())
        .collect(Collectors.joining("+"));
  }

  /** The arithmetic of all layers; what one gives to the next is not moved. */
  LayerWork work() {
    double flop = 0;
    double bytes = 0;
    double between = 0;
    int side = pixels;
    for (VggLayer layer : layers()) {
      LayerWork work = layer.work(batch, side, side);
      flop += work.flop();
      bytes += work.bytes() - 2 * between;
      side = layer.reduced(side);
      between = (double) Float.BYTES * batch * side * side * layer.channelsOut();
    }
    return new LayerWork(flop, bytes);
  }

  /** Seeded values: pixels minus their mean, or what a ReLU leaves of a normal distribution. */
  float[] input() {
    Random random = new Random(SyntheticWeights.SEED);
    float[] values = new float[Math.toIntExact(Layout.elements(inputShape()))];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          fromPixels()
              ? random.nextInt(256) - PIXEL_MEAN
              : (float) Math.max(0, random.nextGaussian());
    }
    return values;
  }
}
