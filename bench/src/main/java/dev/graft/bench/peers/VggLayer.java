package dev.graft.bench.peers;

import dev.graft.bench.NetSize;
import dev.graft.weights.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A layer of VGG16 as the contests cut it: a convolution with bias, its ReLU and, where one
 * follows, its pool.
 *
 * @param name such as {@code conv1_2}
 * @param kernel [height, width, in, out]
 * @param relu whether an activation follows
 * @param pool the end point of the 2×2 pool that follows, or empty
 * @param same SAME padding, else VALID
 */
record VggLayer(String name, Shape kernel, boolean relu, String pool, boolean same) {
  private static final String SCOPE = "vgg16/";

  /**
   * All sixteen.
   *
   * @param fcSame whether fc6 is SAME, as in an FCN; else VALID, as in a classifier
   */
  static List<VggLayer> all(NetSize size, boolean fcSame) {
    Map<String, Shape> shapes = size.classifierShapes();
    List<String> names =
        shapes.keySet().stream()
            .filter(name -> name.endsWith("/kernel"))
            .map(name -> name.substring(SCOPE.length(), name.indexOf("/kernel")))
            .toList();
    List<VggLayer> layers = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      boolean conv = name.startsWith("conv");
      char stage = name.charAt("conv".length() - (conv ? 0 : 2));
      boolean last = conv && !names.get(i + 1).startsWith("conv" + stage);
      layers.add(
          new VggLayer(
              name,
              shapes.get(SCOPE + name + "/kernel"),
              !name.equals("fc8"),
              last ? "pool" + stage : "",
              conv || fcSame));
    }
    return layers;
  }

  /** What its result is called in the network. */
  String endPoint() {
    return pool.isEmpty() ? name : pool;
  }

  int channelsIn() {
    return (int) kernel.dim(2);
  }

  int channelsOut() {
    return (int) kernel.dim(3);
  }

  /** Height or width of the convolution's result, before the pool, of that of its input. */
  int convolved(int pixels) {
    return same ? pixels : pixels - (int) kernel.dim(0) + 1;
  }

  /** Height or width of the result of that of the input. */
  int reduced(int pixels) {
    return pool.isEmpty() ? convolved(pixels) : (convolved(pixels) + 1) / 2;
  }

  /** The arithmetic on an input of [batch, height, width, in]. */
  LayerWork work(int batch, int height, int width) {
    double sums = (double) batch * convolved(height) * convolved(width) * channelsOut();
    double flop = 2 * sums * kernel.elementCount() / channelsOut();
    double in = (double) batch * height * width * channelsIn();
    double out = (double) batch * reduced(height) * reduced(width) * channelsOut();
    return new LayerWork(flop, Float.BYTES * (in + out + kernel.elementCount() + channelsOut()));
  }
}
