package dev.graft.graph;

import dev.graft.capi.Output;
import java.util.List;
import java.util.Optional;

/**
 * A 3×3 convolution with bias and ReLU, and perhaps a pool.
 *
 * @param input [batch, height, width, in]
 * @param kernel [3, 3, in, out], not packed
 * @param bias [out]
 * @param output [batch, height, width, out], with a pool half as high and wide
 * @param which what the pool took, if that is recorded
 */
record OwnConvolution(
    Output input, Output kernel, Output bias, Output output, Optional<Output> which, boolean pooled)
    implements OwnOperation {
  @Override
  public List<Output> inputs() {
    return List.of(input, kernel, bias);
  }

  @Override
  public Output[] gradients(Ops ops, Output gradient, boolean[] wanted) {
    if (pooled && which.isEmpty()) {
      throw new GraphException(
          output.operation().name()
              + " has no gradient: it was built with other operations than those that the scores"
              + " were given");
    }
    KernelOps kernels = new KernelOps(ops);
    KernelOps.Activation activation =
        pooled
            ? kernels.pooledActivationGradient(
                "activation", gradient, output, which.orElseThrow(), input)
            : kernels.activationGradient("activation", gradient, output, true);
    Output[] result = new Output[3];
    if (wanted[0]) {
      long channels = kernel.shape()[2];
      Output flipped = ops.kernels().packed(ops, "flipped", kernel, true);
      result[0] = kernels.convolution("input", activation.sums(), flipped, channels);
    }
    if (wanted[1]) {
      result[1] = kernels.kernelGradient("kernel", input, activation.sums());
    }
    if (wanted[2]) {
      result[2] = activation.bias();
    }
    return result;
  }
}
