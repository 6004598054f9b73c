package dev.graft.capi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;

/** A graph of Graft's own operations and stock ones, for tests: both fed with the same values. */
final class Kernels implements AutoCloseable {
  static final double TOLERANCE = 1e-5;

  private final Graph graph = new Graph();
  private final List<Output> inputs = new ArrayList<>();
  private final List<Tensor> values = new ArrayList<>();
  private final Random random;
  private int next;

  Kernels(long seed) {
    random = new Random(seed);
  }

  /** Ends the test as skipped, and says so, where there are no operations of Graft's own. */
  static void assumeAvailable() {
    KernelLibrary library = KernelLibrary.load();
    if (!library.available()) {
      System.out.println("NOT RUN: Graft's own operations are " + library.description());
    }
    Assumptions.assumeTrue(library.available(), library.description());
  }

  Graph graph() {
    return graph;
  }

  /** An operation under a name of its own. */
  OperationBuilder op(String type) {
    return graph.op(type, type + next++);
  }

  /** A placeholder of any shape with this value. */
  Output value(Tensor value) {
    Output input =
        op("Placeholder").attr("dtype", value.dataType()).attrShape("shape", null).output();
    inputs.add(input);
    values.add(value);
    return input;
  }

  /** A vector without elements: stands for an absent bias. */
  Output none() {
    return value(Tensor.of(new float[0]));
  }

  /** Stands for pooled maxima that were not recorded. */
  Output noWhich() {
    return value(Tensor.of(new byte[0]));
  }

  /** Normally distributed values. */
  Output random(long... shape) {
    return value(Tensor.of(randomFloats(random, shape), shape));
  }

  static float[] randomFloats(Random random, long... shape) {
    float[] floats = new float[Math.toIntExact(Shapes.elementCount(shape))];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) random.nextGaussian();
    }
    return floats;
  }

  Output pack(Output kernel, boolean flip) {
    return op("GraftPackKernel").input(kernel).attr("flip", flip).output();
  }

  Output conv3x3(Output input, Output packed, Output bias, long channels, boolean relu) {
    return op("GraftConv3x3")
        .input(input)
        .input(packed)
        .input(bias)
        .attr("channels", channels)
        .attr("relu", relu)
        .output();
  }

  Operation conv3x3Pool(
      Output input, Output packed, Output bias, long channels, boolean relu, boolean record) {
    return op("GraftConv3x3Pool")
        .input(input)
        .input(packed)
        .input(bias)
        .attr("channels", channels)
        .attr("relu", relu)
        .attr("record", record)
        .finish();
  }

  Output twoConv3x3Pool(
      Output input,
      Output packed,
      Output bias,
      Output packedBefore,
      Output biasBefore,
      long channelsBefore,
      long channels,
      boolean relu) {
    return op("GraftTwoConv3x3Pool")
        .input(input)
        .input(packed)
        .input(bias)
        .input(packedBefore)
        .input(biasBefore)
        .attr("channels_before", channelsBefore)
        .attr("channels", channels)
        .attr("relu", relu)
        .output();
  }

  Operation activationGrad(
      Output gradient, Output output, Output which, Output like, boolean relu) {
    return op("GraftActivationGrad")
        .input(gradient)
        .input(output)
        .input(which)
        .input(like)
        .attr("relu", relu)
        .finish();
  }

  Output filterGrad(Output input, Output gradient) {
    return op("GraftFilterGrad").input(input).input(gradient).output();
  }

  Output convGemm(Output input, Output kernel, Output bias, String padding, boolean relu) {
    return op("GraftConvGemm")
        .input(input)
        .input(kernel)
        .input(bias)
        .attr("padding", padding)
        .attr("relu", relu)
        .output();
  }

  Output convGemmInputGrad(Output like, Output kernel, Output gradient, String padding) {
    return op("GraftConvGemmInputGrad")
        .input(like)
        .input(kernel)
        .input(gradient)
        .attr("padding", padding)
        .output();
  }

  Output convGemmFilterGrad(Output input, Output like, Output gradient, String padding) {
    return op("GraftConvGemmFilterGrad")
        .input(input)
        .input(like)
        .input(gradient)
        .attr("padding", padding)
        .output();
  }

  /** Stock: convolution, bias where it is not null, ReLU where wanted. */
  Output stock(Output input, Output kernel, Output bias, String padding, boolean relu) {
    Output result =
        op("Conv2D")
            .input(input)
            .input(kernel)
            .attrInts("strides", 1, 1, 1, 1)
            .attr("padding", padding)
            .output();
    if (bias != null) {
      result = op("BiasAdd").input(result).input(bias).output();
    }
    return relu ? op("Relu").input(result).output() : result;
  }

  /** Stock: the maximum of 2x2 with stride 2, SAME. */
  Output stockPool(Output input) {
    return op("MaxPool")
        .input(input)
        .attrInts("ksize", 1, 2, 2, 1)
        .attrInts("strides", 1, 2, 2, 1)
        .attr("padding", "SAME")
        .output();
  }

  Session session() {
    return new Session(graph, SessionOptions.DEFAULT.withDeviceCpuOnly(true));
  }

  /** One run of everything that is fetched. The caller closes the tensors. */
  List<Tensor> run(Session session, Output... fetches) {
    return run(session.runner(), fetches);
  }

  /** Likewise, with one more value that is fed. */
  List<Tensor> run(Session session, Output fed, Tensor value, Output... fetches) {
    return run(session.runner().feed(fed, value), fetches);
  }

  private List<Tensor> run(Session.Runner runner, Output... fetches) {
    for (int i = 0; i < inputs.size(); i++) {
      runner.feed(inputs.get(i), values.get(i));
    }
    for (Output fetch : fetches) {
      runner.fetch(fetch);
    }
    return runner.run();
  }

  List<Tensor> run(Output... fetches) {
    try (Session session = session()) {
      return run(session, fetches);
    }
  }

  /** Checks that both have the same shape, and values as close as two orders of summing are. */
  void assertSame(Output actual, Output expected) {
    List<Tensor> results = run(actual, expected);
    assertThat(results.get(0).shape()).isEqualTo(results.get(1).shape());
    assertThat(distance(results.get(0).toFloats(), results.get(1).toFloats()))
        .as("relative L2 distance of %s from %s", actual.name(), expected.name())
        .isLessThanOrEqualTo(TOLERANCE);
    results.forEach(Tensor::close);
  }

  /** The relative L2 distance; that of two empty arrays is 0. */
  static double distance(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < actual.length; i++) {
      difference += Math.pow((double) actual[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    return difference == 0 ? 0 : Math.sqrt(difference / norm);
  }

  @Override
  public void close() {
    values.forEach(Tensor::close);
    graph.close();
  }
}
