package dev.graft.graph;

import dev.graft.capi.DataType;
import dev.graft.capi.Graph;
import dev.graft.capi.Operation;
import dev.graft.capi.OperationBuilder;
import dev.graft.capi.Output;
import dev.graft.capi.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds operations to a graph under a name scope: one method an op. Immutable but for the counters
 * that keep names unique and what is known of own operations; scopes of one graph share them. One
 * thread.
 */
public final class Ops {
  private final Graph graph;
  private final GraphKernels kernels;
  private final boolean forTraining;
  private final String scope;
  private final Map<String, Integer> used;

  /** Ops at the top of a graph, with {@link Kernels#AUTO}. */
  public Ops(Graph graph) {
    this(graph, Kernels.AUTO);
  }

  /**
   * Ops at the top of a graph.
   *
   * @param kernels what its networks are built with
   */
  public Ops(Graph graph, Kernels kernels) {
    this(graph, new GraphKernels(kernels), false, "", new HashMap<>());
  }

  private Ops(
      Graph graph,
      GraphKernels kernels,
      boolean forTraining,
      String scope,
      Map<String, Integer> used) {
    this.graph = graph;
    this.kernels = kernels;
    this.forTraining = forTraining;
    this.scope = scope;
    this.used = used;
  }

  /** The graph that is added to. */
  public Graph graph() {
    return graph;
  }

  /** The same graph, with names below {@code name}. */
  public Ops withScope(String name) {
    return new Ops(graph, kernels, forTraining, scope + name + "/", used);
  }

  /** The same graph and scope, for layers whose gradients will be asked for. */
  Ops withGradients() {
    return new Ops(graph, kernels, true, scope, used);
  }

  /** Whether gradients will be asked for. */
  boolean forTraining() {
    return forTraining;
  }

  /** What the graph has of own operations. */
  GraphKernels kernels() {
    return kernels;
  }

  /** Starts an op that has no method here; the name is made unique in the graph. */
  public OperationBuilder op(String type, String name) {
    return graph.op(type, uniqueName(name));
  }

  /** A name in this scope that no other operation of these ops has. */
  public String uniqueName(String name) {
    String full = scope + name;
    int count = used.merge(full, 1, Integer::sum);
    return count == 1 ? full : full + "_" + (count - 1);
  }

  /** A constant; the tensor is closed. */
  public Output constant(String name, Tensor value) {
    try (value) {
      return op("Const", name).attr("value", value).attr("dtype", value.dataType()).output();
    }
  }

  public Output constant(String name, float value) {
    return constant(name, Tensor.of(value));
  }

  public Output constant(String name, int value) {
    return constant(name, Tensor.of(value));
  }

  public Output constant(String name, int... values) {
    return constant(name, Tensor.of(values));
  }

  /** Something to feed; -1 for a dimension that may be anything. */
  public Output placeholder(String name, DataType type, long... shape) {
    return op("Placeholder", name).attr("dtype", type).attrShape("shape", shape).output();
  }

  /**
   * A tensor whose bytes are a file's, mapped (the whole file, from byte 0). TensorFlow's own op
   * maps the file again in every run, Graft's once.
   */
  Output mapped(String name, DataType type, long[] shape, String file) {
    if (kernels.areOwn()) {
      return new KernelOps(this).constant(name, type, shape, file);
    }
    return op("ImmutableConst", name)
        .device("/device:CPU:0")
        .attr("dtype", type)
        .attrShape("shape", shape)
        .attr("memory_region_name", file)
        .output();
  }

  /** A variable's handle; {@code name} is also its shared name. */
  Operation variable(String name, DataType type, long... shape) {
    return op("VarHandleOp", name)
        .attr("dtype", type)
        .attrShape("shape", shape)
        .attr("shared_name", scope + name)
        .finish();
  }

  Output read(String name, Operation handle, DataType type) {
    return op("ReadVariableOp", name).input(handle.output()).attr("dtype", type).output();
  }

  Operation assign(String name, Operation handle, Output value) {
    return op("AssignVariableOp", name)
        .input(handle.output())
        .input(value)
        .attr("dtype", value.dataType())
        .finish();
  }

  /** Adds the value to a variable, after the given operations. */
  Operation assignAdd(String name, Operation handle, Output value, List<Operation> after) {
    OperationBuilder builder =
        op("AssignAddVariableOp", name)
            .input(handle.output())
            .input(value)
            .attr("dtype", value.dataType());
    after.forEach(builder::controlInput);
    return builder.finish();
  }

  /** Does nothing, after the given operations. */
  Operation group(String name, List<Operation> after) {
    OperationBuilder builder = op("NoOp", name);
    after.forEach(builder::controlInput);
    return builder.finish();
  }

  /**
   * A convolution with stride 1.
   *
   * @param input [batch, height, width, in]
   * @param kernel [height, width, in, out]
   * @param padding SAME or VALID
   */
  public Output conv2d(String name, Output input, Output kernel, String padding) {
    return op("Conv2D", name)
        .input(input)
        .input(kernel)
        .attrInts("strides", 1, 1, 1, 1)
        .attr("padding", padding)
        .output();
  }

  /**
   * A transposed convolution with SAME padding.
   *
   * @param outputSize int32 [4]: batch, height, width, channels of the result
   * @param kernel [height, width, out, in]
   */
  Output conv2dTranspose(String name, Output input, Output kernel, Output outputSize, int stride) {
    return op("Conv2DBackpropInput", name)
        .input(outputSize)
        .input(kernel)
        .input(input)
        .attrInts("strides", 1, stride, stride, 1)
        .attr("padding", "SAME")
        .output();
  }

  public Output biasAdd(String name, Output input, Output bias) {
    return op("BiasAdd", name).input(input).input(bias).output();
  }

  public Output relu(String name, Output input) {
    return op("Relu", name).input(input).output();
  }

  /** 2×2 with stride 2 and SAME padding: odd sizes are rounded up. */
  public Output maxPool(String name, Output input) {
    return op("MaxPool", name)
        .input(input)
        .attrInts("ksize", 1, 2, 2, 1)
        .attrInts("strides", 1, 2, 2, 1)
        .attr("padding", "SAME")
        .output();
  }

  public Output binary(String type, String name, Output left, Output right) {
    return op(type, name).input(left).input(right).output();
  }

  public Output unary(String type, String name, Output input) {
    return op(type, name).input(input).output();
  }

  public Output add(String name, Output left, Output right) {
    return binary("AddV2", name, left, right);
  }

  public Output mul(String name, Output left, Output right) {
    return binary("Mul", name, left, right);
  }

  public Output cast(String name, Output input, DataType type) {
    return op("Cast", name).input(input).attr("DstT", type).output();
  }

  public Output reshape(String name, Output input, int... shape) {
    return binary("Reshape", name, input, constant(name + "/shape", shape));
  }

  /** The shape as int32. */
  public Output shape(String name, Output input) {
    return op("Shape", name).input(input).attr("out_type", DataType.INT32).output();
  }

  /** One element of a vector, as a scalar. */
  public Output element(String name, Output vector, int index) {
    return op("StridedSlice", name)
        .input(vector)
        .input(constant(name + "/begin", new int[] {index}))
        .input(constant(name + "/end", new int[] {index + 1}))
        .input(constant(name + "/strides", new int[] {1}))
        .attr("shrink_axis_mask", 1)
        .output();
  }

  /** Scalars as a vector. */
  public Output pack(String name, Output... scalars) {
    return op("Pack", name).inputs(scalars).attr("axis", 0).output();
  }

  public Output softmax(String name, Output logits) {
    return unary("Softmax", name, logits);
  }

  /** The index of the largest value along the last axis. */
  Output argMax(String name, Output input) {
    return op("ArgMax", name)
        .input(input)
        .input(constant(name + "/axis", -1))
        .attr("output_type", DataType.INT32)
        .finish()
        .output();
  }

  /** The sum over all axes of a tensor of this rank. */
  Output sum(String name, Output input, int rank) {
    int[] axes = new int[rank];
    for (int i = 0; i < rank; i++) {
      axes[i] = i;
    }
    return binary("Sum", name, input, constant(name + "/axes", axes));
  }

  Output addN(String name, List<Output> inputs) {
    return op("AddN", name).inputs(inputs.toArray(Output[]::new)).output();
  }
}
