package dev.graft.graph;

import dev.graft.capi.Output;

/**
 * How the layers of a network become operations. Names are scopes, such as {@code vgg16/conv1_1};
 * inputs and results are [batch, height, width, channels].
 */
interface Layers {
  /** The layers that a graph is to be built with: the one place that tells them apart. */
  static Layers of(Ops ops) {
    return ops.kernels().areOwn() ? new OwnLayers(ops) : new StockLayers(ops);
  }

  /**
   * A convolution with stride 1 and SAME padding, bias and ReLU.
   *
   * @param kernel [3, 3, in, out]
   * @param bias [out]
   */
  Output convolution(String name, Output input, Output kernel, Output bias);

  /** The maximum of 2×2 pixels with stride 2 and SAME padding of what a convolution gave. */
  Output pool(String name, Output input);

  /**
   * A convolution with stride 1 and bias.
   *
   * @param kernel [height, width, in, out]
   * @param bias [out]
   * @param padding SAME or VALID
   * @param relu whether ReLU follows
   */
  Output dense(String name, Output input, Output kernel, Output bias, String padding, boolean relu);
}
