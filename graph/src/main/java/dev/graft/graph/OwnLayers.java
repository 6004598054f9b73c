package dev.graft.graph;

import dev.graft.capi.Output;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Layers of Graft's operations. A layer's result is an anchor of what its operation gives: the
 * layers themselves take what is behind it, so nothing but layers follows on an operation of
 * Graft's directly (see {@link Backward}).
 *
 * <p>A pool is one operation with the convolution before it. That convolution is in the graph once
 * more, without the pool, as an end point that costs nothing unless it is fetched. The same goes
 * for a layer of few channels before it, such as conv1_1, where there will be no gradient of them.
 *
 * <p>A layer whose kernel is there as bfloat16 reads that, and has no gradient.
 *
 * <p>A convolution with a kernel of another size than 3×3, or of unknown shape, is TensorFlow's.
 */
final class OwnLayers implements Layers {
  /** Input channels of a layer that GraftTwoConv3x3Pool takes as the one before, at most. */
  private static final int MAX_FIRST_INPUTS = 8;

  /** Its output channels. */
  private static final Set<Long> FIRST_OUTPUTS = Set.of(32L, 64L);

  private final Ops ops;
  private final GraphKernels graph;
  private final KernelOps kernels;
  private final StockLayers stock;

  /** By their anchors. */
  private final Map<Output, OwnConvolution> convolutions = new HashMap<>();

  /** By what their operations give. */
  private final Map<Output, OwnConvolution> outputs = new HashMap<>();

  OwnLayers(Ops ops) {
    this.ops = ops;
    this.graph = ops.kernels();
    this.kernels = new KernelOps(ops);
    this.stock = new StockLayers(ops);
  }

  @Override
  public Output convolution(String name, Output input, Output kernel, Output bias) {
    if (!is3x3(kernel.shape())) {
      return stock.convolution(name, input, kernel, bias);
    }
    Output x = graph.behind(input);
    Output w = graph.behind(kernel);
    Output b = graph.behind(bias);
    Output packed = graph.packed(ops, name + "/packed", w, false);
    long channels = w.shape()[3];
    Output output = kernels.convolution(name + "/conv", x, packed, b, channels, true);
    OwnConvolution made = new OwnConvolution(x, w, b, output, Optional.empty(), false);
    graph.record(made);
    Output anchor = graph.anchor(ops, name + "/relu", output);
    convolutions.put(anchor, made);
    outputs.put(output, made);
    return anchor;
  }

  private static boolean is3x3(long[] kernel) {
    return kernel != null
        && kernel.length == 4
        && kernel[0] == 3
        && kernel[1] == 3
        && kernel[2] > 0
        && kernel[3] > 0;
  }

  @Override
  public Output pool(String name, Output input) {
    OwnConvolution before = convolutions.get(input);
    if (before == null) {
      return stock.pool(name, input);
    }
    boolean recorded = ops.forTraining() && before.inputs().stream().anyMatch(graph::isTrained);
    OwnConvolution first = outputs.get(before.input());
    OwnConvolution made =
        !recorded && first != null && canPrecede(first)
            ? inOnePass(name, first, before)
            : withPool(name, before, recorded);
    graph.record(made);
    return graph.anchor(ops, name, made.output());
  }

  private OwnConvolution withPool(String name, OwnConvolution layer, boolean recorded) {
    KernelOps.Pooled pooled =
        kernels.pooledConvolution(
            name + "/conv",
            layer.input(),
            graph.packed(ops, name + "/packed", layer.kernel(), false),
            layer.bias(),
            layer.kernel().shape()[3],
            recorded);
    return pooled(
        layer, pooled.output(), recorded ? Optional.of(pooled.which()) : Optional.empty());
  }

  /** Whether a layer can be computed in one pass with the one after it, as conv1_1 can. */
  private static boolean canPrecede(OwnConvolution layer) {
    long[] kernel = layer.kernel().shape();
    return kernel[2] <= MAX_FIRST_INPUTS && FIRST_OUTPUTS.contains(kernel[3]);
  }

  private OwnConvolution inOnePass(String name, OwnConvolution first, OwnConvolution layer) {
    Output output =
        kernels.pooledConvolutions(
            name + "/conv",
            first.input(),
            packed(name + "/packed_before", first),
            packed(name + "/packed", layer));
    return pooled(layer, output, Optional.empty());
  }

  private KernelOps.PackedLayer packed(String name, OwnConvolution layer) {
    Output packed = graph.packed(ops, name, layer.kernel(), false);
    return new KernelOps.PackedLayer(packed, layer.bias(), layer.kernel().shape()[3]);
  }

  private static OwnConvolution pooled(
      OwnConvolution layer, Output output, Optional<Output> which) {
    return new OwnConvolution(layer.input(), layer.kernel(), layer.bias(), output, which, true);
  }

  @Override
  public Output dense(
      String name, Output input, Output kernel, Output bias, String padding, boolean relu) {
    Output x = graph.behind(input);
    Output w = graph.behind(kernel);
    Output b = graph.behind(bias);
    String anchor = name + (relu ? "/relu" : "/bias_add");
    Optional<Output> bfloat16 = graph.bfloat16(ops, name + "/kernel_bfloat16", w);
    if (bfloat16.isPresent()) {
      Output output = kernels.denseOfBfloat16(name + "/conv", x, bfloat16.get(), b, padding, relu);
      return graph.anchor(ops, anchor, output);
    }
    Output output = kernels.dense(name + "/conv", x, w, b, padding, relu);
    graph.record(new OwnDense(x, w, b, padding, relu, output));
    return graph.anchor(ops, anchor, output);
  }
}
