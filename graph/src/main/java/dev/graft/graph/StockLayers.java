package dev.graft.graph;

import dev.graft.capi.Output;

/** Layers of TensorFlow's operations. */
final class StockLayers implements Layers {
  private final Ops ops;

  StockLayers(Ops ops) {
    this.ops = ops;
  }

  @Override
  public Output convolution(String name, Output input, Output kernel, Output bias) {
    return dense(name, input, kernel, bias, "SAME", true);
  }

  @Override
  public Output pool(String name, Output input) {
    return ops.maxPool(name, input);
  }

  @Override
  public Output dense(
      String name, Output input, Output kernel, Output bias, String padding, boolean relu) {
    Output conv = ops.conv2d(name + "/conv", input, kernel, padding);
    Output sum = ops.biasAdd(name + "/bias_add", conv, bias);
    return relu ? ops.relu(name + "/relu", sum) : sum;
  }
}
