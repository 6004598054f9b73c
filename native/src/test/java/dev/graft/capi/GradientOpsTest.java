package dev.graft.capi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gradients of a 3x3 layer against those that TensorFlow adds to stock operations. */
class GradientOpsTest {
  @BeforeAll
  static void operations() {
    Kernels.assumeAvailable();
  }

  /** Gradients of the input, the kernel and the bias of a layer, by stock operations. */
  private static Output[] stock(
      Kernels kernels, Output output, Output gradient, Output input, Output kernel, Output bias) {
    return kernels
        .graph()
        .gradients(
            "stock",
            new Output[] {output},
            new Output[] {gradient},
            new Output[] {input, kernel, bias});
  }

  private static void check(
      Kernels kernels, Operation activation, Output input, Output kernel, int c, Output[] stock) {
    Output sums = activation.output(0);
    kernels.assertSame(activation.output(1), stock[2]);
    kernels.assertSame(kernels.filterGrad(input, sums), stock[1]);
    kernels.assertSame(
        kernels.conv3x3(sums, kernels.pack(kernel, true), kernels.none(), c, false), stock[0]);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 1, true",
    "1, 8, 8, 3, 16, true",
    "2, 7, 5, 3, 64, true",
    "3, 1, 13, 5, 7, false",
    "2, 13, 11, 16, 17, true",
    "4, 6, 6, 33, 8, false",
  })
  void aLayer(int n, int h, int w, int c, int k, boolean relu) {
    try (Kernels kernels = new Kernels(n * 41L + h)) {
      Output input = kernels.random(n, h, w, c);
      Output kernel = kernels.random(3, 3, c, k);
      Output bias = kernels.random(k);
      Output gradient = kernels.random(n, h, w, k);
      Output output = kernels.stock(input, kernel, bias, "SAME", relu);
      Output[] stock = stock(kernels, output, gradient, input, kernel, bias);
      Operation activation =
          kernels.activationGrad(
              gradient, relu ? output : kernels.none(), kernels.noWhich(), input, relu);
      check(kernels, activation, input, kernel, c, stock);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 1, true",
    "1, 8, 8, 3, 16, true",
    "2, 7, 5, 3, 64, true",
    "3, 1, 13, 5, 7, false",
    "2, 13, 11, 16, 17, true",
  })
  void aLayerWithAPool(int n, int h, int w, int c, int k, boolean relu) {
    try (Kernels kernels = new Kernels(n * 43L + h)) {
      Output input = kernels.random(n, h, w, c);
      Output kernel = kernels.random(3, 3, c, k);
      Output bias = kernels.random(k);
      Output gradient = kernels.random(n, (h + 1) / 2, (w + 1) / 2, k);
      Output output = kernels.stockPool(kernels.stock(input, kernel, bias, "SAME", relu));
      Output[] stock = stock(kernels, output, gradient, input, kernel, bias);
      Operation pool = kernels.conv3x3Pool(input, kernels.pack(kernel, false), bias, k, relu, true);
      Operation activation =
          kernels.activationGrad(gradient, pool.output(0), pool.output(1), input, relu);
      check(kernels, activation, input, kernel, c, stock);
    }
  }

  @Test
  void anEmptyBatchHasZeroGradients() {
    try (Kernels kernels = new Kernels(1)) {
      Output input = kernels.random(0, 4, 5, 3);
      Output gradient = kernels.random(0, 4, 5, 6);
      Operation activation =
          kernels.activationGrad(gradient, gradient, kernels.noWhich(), input, true);
      List<Tensor> results =
          kernels.run(
              activation.output(0), activation.output(1), kernels.filterGrad(input, gradient));
      assertThat(results.get(0).shape()).containsExactly(0, 4, 5, 6);
      assertThat(results.get(1).toFloats()).containsExactly(new float[6]);
      assertThat(results.get(2).shape()).containsExactly(3, 3, 3, 6);
      assertThat(results.get(2).toFloats()).containsOnly(0);
      results.forEach(Tensor::close);
    }
  }

  @Test
  void aGradientThatOthersNeedIsNotOverwritten() {
    try (Kernels kernels = new Kernels(2)) {
      Output input = kernels.random(1, 6, 6, 2);
      Output values = kernels.random(1, 6, 6, 4);
      Output gradient = kernels.op("Neg").input(values).output();
      Operation activation =
          kernels.activationGrad(gradient, values, kernels.noWhich(), input, true);
      Output later = kernels.op("Neg").input(gradient).output();
      List<Tensor> results = kernels.run(activation.output(0), later);
      float[] result = results.get(0).toFloats();
      float[] given = results.get(1).toFloats();
      int cut = 0;
      for (int i = 0; i < given.length; i++) {
        assertThat(given[i]).isNotZero();
        assertThat(result[i]).isEqualTo(given[i] > 0 ? -given[i] : 0);
        cut += given[i] > 0 ? 0 : 1;
      }
      assertThat(cut).isBetween(1, given.length - 1);
      results.forEach(Tensor::close);
    }
  }

  @Test
  void shapesAreKnownWhenTheGraphIsBuilt() {
    try (Graph graph = new Graph()) {
      Output input = Ops.placeholder(graph, "input", DataType.FLOAT, -1, 7, 8, 3);
      Output gradient = Ops.placeholder(graph, "gradient", DataType.FLOAT, -1, 4, 4, 64);
      Output which = Ops.placeholder(graph, "which", DataType.UINT8);
      Operation activation =
          graph
              .op("GraftActivationGrad", "activation")
              .input(gradient)
              .input(gradient)
              .input(which)
              .input(input)
              .finish();
      assertThat(activation.output(0).shape()).containsExactly(-1, 7, 8, 64);
      assertThat(activation.output(1).shape()).containsExactly(64);
      assertThat(
              graph.op("GraftFilterGrad", "filter").input(input).input(gradient).output().shape())
          .containsExactly(3, 3, 3, 64);
    }
  }
}
