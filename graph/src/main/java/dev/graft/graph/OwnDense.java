package dev.graft.graph;

import dev.graft.capi.Output;
import java.util.List;

/**
 * A convolution of any size with bias, and perhaps ReLU.
 *
 * @param input [batch, height, width, in]
 * @param kernel [height, width, in, out]
 * @param bias [out]
 * @param padding SAME or VALID
 */
record OwnDense(
    Output input, Output kernel, Output bias, String padding, boolean relu, Output output)
    implements OwnOperation {
  @Override
  public List<Output> inputs() {
    return List.of(input, kernel, bias);
  }

  @Override
  public Output[] gradients(Ops ops, Output gradient, boolean[] wanted) {
    KernelOps kernels = new KernelOps(ops);
    Output sums = gradient;
    Output[] result = new Output[3];
    if (relu || wanted[2]) {
      KernelOps.Activation activation =
          kernels.activationGradient("activation", gradient, output, relu);
      sums = activation.sums();
      result[2] = wanted[2] ? activation.bias() : null;
    }
    if (wanted[0]) {
      result[0] = kernels.denseInputGradient("input", input, kernel, sums, padding);
    }
    if (wanted[1]) {
      result[1] = kernels.denseKernelGradient("kernel", input, kernel, sums, padding);
    }
    return result;
  }
}
