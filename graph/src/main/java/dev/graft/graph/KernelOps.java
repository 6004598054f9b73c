package dev.graft.graph;

import dev.graft.capi.DataType;
import dev.graft.capi.Operation;
import dev.graft.capi.OperationBuilder;
import dev.graft.capi.Output;
import dev.graft.capi.Tensor;

/**
 * Adds operations of Graft's own library to a graph: one method an op. All float32, but for the
 * kernel of {@link #denseOfBfloat16}.
 */
final class KernelOps {
  /** What the types of all these operations begin with. */
  private static final String TYPE_PREFIX = "Graft";

  private static final String CONSTANT = TYPE_PREFIX + "Constant";

  /**
   * A convolution with its pool.
   *
   * @param output [batch, ⌈height/2⌉, ⌈width/2⌉, channels]
   * @param which uint8 of the same shape, where each value comes from; [0] where that is not
   *     recorded
   */
  record Pooled(Output output, Output which) {}

  /**
   * The gradients of what a convolution adds up.
   *
   * @param sums [batch, height, width, channels]
   * @param bias [channels]
   */
  record Activation(Output sums, Output bias) {}

  /**
   * What {@link #pooledConvolutions} takes of a layer.
   *
   * @param packed of {@link #pack}
   * @param bias [channels]
   * @param channels of its output
   */
  record PackedLayer(Output packed, Output bias, long channels) {}

  private final Ops ops;

  KernelOps(Ops ops) {
    this.ops = ops;
  }

  /** Whether TensorFlow must not look for the gradient of an operation: a constant needs none. */
  static boolean needsAnchor(Operation operation) {
    String type = operation.type();
    return type.startsWith(TYPE_PREFIX) && !type.equals(CONSTANT);
  }

  /** A tensor whose bytes are a file's, mapped as long as the session is open. */
  Output constant(String name, DataType type, long[] shape, String file) {
    return ops.op(CONSTANT, name)
        .attr("dtype", type)
        .attrShape("shape", shape)
        .attr("file", file)
        .output()
        .withShape(shape);
  }

  private OperationBuilder op(String type, String name) {
    return ops.op(TYPE_PREFIX + type, name).attr("threads", ops.kernels().threads());
  }

  /**
   * A 3×3 kernel in the form that {@link #convolution} takes.
   *
   * @param kernel [3, 3, in, out]
   * @param flip for the gradient of the input: turned by 180°, and its channels change places
   */
  Output pack(String name, Output kernel, boolean flip) {
    return op("PackKernel", name).input(kernel).attr("flip", flip).output();
  }

  /** A 3×3 convolution, SAME, with bias. */
  Output convolution(
      String name, Output input, Output packed, Output bias, long channels, boolean relu) {
    return op("Conv3x3", name)
        .input(input)
        .input(packed)
        .input(bias)
        .attr("channels", channels)
        .attr("relu", relu)
        .output();
  }

  /** A 3×3 convolution, SAME, without bias and activation. */
  Output convolution(String name, Output input, Output packed, long channels) {
    Output none = ops.constant(name + "/no_bias", Tensor.of(new float[0]));
    return convolution(name, input, packed, none, channels, false);
  }

  /** A 3×3 convolution, SAME, with bias, ReLU and pool. */
  Pooled pooledConvolution(
      String name, Output input, Output packed, Output bias, long channels, boolean record) {
    Operation operation =
        op("Conv3x3Pool", name)
            .input(input)
            .input(packed)
            .input(bias)
            .attr("channels", channels)
            .attr("relu", true)
            .attr("record", record)
            .finish();
    return new Pooled(operation.output(0), operation.output(1));
  }

  /**
   * Two 3×3 convolutions with bias and ReLU, and the pool of the second, in one pass: the output of
   * the first, which has 32 or 64 channels of at most 8, is nowhere in memory.
   */
  Output pooledConvolutions(String name, Output input, PackedLayer first, PackedLayer second) {
    return op("TwoConv3x3Pool", name)
        .input(input)
        .input(second.packed())
        .input(second.bias())
        .input(first.packed())
        .input(first.bias())
        .attr("channels_before", first.channels())
        .attr("channels", second.channels())
        .attr("relu", true)
        .output();
  }

  /** Back through ReLU and the bias. */
  Activation activationGradient(String name, Output gradient, Output output, boolean relu) {
    Output none = ops.constant(name + "/no_pool", Tensor.of(new byte[0]));
    return activationGradient(name, gradient, output, none, gradient, relu);
  }

  /**
   * Back through pool, ReLU and the bias.
   *
   * @param which of the {@link Pooled}
   * @param like [batch, height, width, any]: the size before the pool
   */
  Activation pooledActivationGradient(
      String name, Output gradient, Output output, Output which, Output like) {
    return activationGradient(name, gradient, output, which, like, true);
  }

  private Activation activationGradient(
      String name, Output gradient, Output output, Output which, Output like, boolean relu) {
    Operation operation =
        op("ActivationGrad", name)
            .input(gradient)
            .input(output)
            .input(which)
            .input(like)
            .attr("relu", relu)
            .finish();
    return new Activation(operation.output(0), operation.output(1));
  }

  /** The gradient of a 3×3 kernel, [3, 3, in, out]. */
  Output kernelGradient(String name, Output input, Output sums) {
    return op("FilterGrad", name).input(input).input(sums).output();
  }

  /** A convolution of any size with bias, as one matrix product. */
  Output dense(
      String name, Output input, Output kernel, Output bias, String padding, boolean relu) {
    return dense("ConvGemm", name, input, kernel, bias, padding, relu);
  }

  /** The same with a kernel of bfloat16, each value of which is used as float32. */
  Output denseOfBfloat16(
      String name, Output input, Output kernel, Output bias, String padding, boolean relu) {
    return dense("ConvGemmBfloat16", name, input, kernel, bias, padding, relu);
  }

  private Output dense(
      String type,
      String name,
      Output input,
      Output kernel,
      Output bias,
      String padding,
      boolean relu) {
    return op(type, name)
        .input(input)
        .input(kernel)
        .input(bias)
        .attr("padding", padding)
        .attr("relu", relu)
        .output();
  }

  /** The gradient of the input of {@link #dense}; of {@code input} only the shape is used. */
  Output denseInputGradient(String name, Output input, Output kernel, Output sums, String padding) {
    return op("ConvGemmInputGrad", name)
        .input(input)
        .input(kernel)
        .input(sums)
        .attr("padding", padding)
        .output();
  }

  /** The gradient of the kernel of {@link #dense}; of {@code kernel} only the shape is used. */
  Output denseKernelGradient(
      String name, Output input, Output kernel, Output sums, String padding) {
    return op("ConvGemmFilterGrad", name)
        .input(input)
        .input(kernel)
        .input(sums)
        .attr("padding", padding)
        .output();
  }
}
