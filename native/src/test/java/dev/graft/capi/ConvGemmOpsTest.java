package dev.graft.capi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** GraftConvGemm and its gradients against Conv2D and the gradients that TensorFlow adds. */
class ConvGemmOpsTest {
  @BeforeAll
  static void operations() {
    Kernels.assumeAvailable();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 64, 10, 1, 1, SAME, true",
    "1, 7, 7, 16, 33, 7, 7, VALID, true",
    "2, 7, 7, 16, 32, 7, 7, SAME, true",
    "3, 5, 6, 7, 5, 1, 1, VALID, false",
    "2, 9, 4, 3, 17, 3, 2, VALID, true",
    "2, 9, 4, 3, 17, 4, 2, SAME, false",
    "9, 1, 1, 40, 21, 1, 1, SAME, false",
    "1, 2, 3, 8, 16, 7, 7, SAME, true",
  })
  void aConvolutionAndItsGradients(
      int n, int h, int w, int c, int k, int kh, int kw, String padding, boolean relu) {
    try (Kernels kernels = new Kernels(n * 47L + h)) {
      Output input = kernels.random(n, h, w, c);
      Output kernel = kernels.random(kh, kw, c, k);
      Output bias = kernels.random(k);
      kernels.assertSame(
          kernels.convGemm(input, kernel, bias, padding, relu),
          kernels.stock(input, kernel, bias, padding, relu));
      Output plain = kernels.stock(input, kernel, null, padding, false);
      kernels.assertSame(kernels.convGemm(input, kernel, kernels.none(), padding, false), plain);
      boolean same = padding.equals("SAME");
      Output gradient = kernels.random(n, same ? h : h - kh + 1, same ? w : w - kw + 1, k);
      Output[] stock =
          kernels
              .graph()
              .gradients(
                  "stock",
                  new Output[] {plain},
                  new Output[] {gradient},
                  new Output[] {input, kernel});
      kernels.assertSame(kernels.convGemmInputGrad(input, kernel, gradient, padding), stock[0]);
      kernels.assertSame(kernels.convGemmFilterGrad(input, kernel, gradient, padding), stock[1]);
    }
  }

  @Test
  void emptyInputsGiveEmptyOutputsAndZeroGradients() {
    try (Kernels kernels = new Kernels(1)) {
      Output input = kernels.random(0, 4, 5, 3);
      Output kernel = kernels.random(2, 2, 3, 4);
      Output gradient = kernels.random(0, 3, 4, 4);
      List<Tensor> results =
          kernels.run(
              kernels.convGemm(input, kernel, kernels.none(), "VALID", true),
              kernels.convGemmInputGrad(input, kernel, gradient, "VALID"),
              kernels.convGemmFilterGrad(input, kernel, gradient, "VALID"));
      assertThat(results.get(0).shape()).containsExactly(0, 3, 4, 4);
      assertThat(results.get(1).shape()).containsExactly(0, 4, 5, 3);
      assertThat(results.get(2).shape()).containsExactly(2, 2, 3, 4);
      assertThat(results.get(2).toFloats()).containsOnly(0);
      results.forEach(Tensor::close);
    }
  }

  @Test
  void anOutputWithoutPixelsIsEmpty() {
    try (Kernels kernels = new Kernels(1)) {
      Output input = kernels.random(1, 1, 5, 3);
      Output kernel = kernels.random(2, 2, 3, 4);
      Output gradient = kernels.random(1, 0, 4, 4);
      List<Tensor> results =
          kernels.run(
              kernels.convGemm(input, kernel, kernels.none(), "VALID", true),
              kernels.convGemmInputGrad(input, kernel, gradient, "VALID"),
              kernels.convGemmFilterGrad(input, kernel, gradient, "VALID"));
      assertThat(results.get(0).shape()).containsExactly(1, 0, 4, 4);
      assertThat(results.get(1).toFloats()).hasSize(15).containsOnly(0);
      assertThat(results.get(2).toFloats()).hasSize(48).containsOnly(0);
      results.forEach(Tensor::close);
    }
  }

  @Test
  void shapesAreKnownWhenTheGraphIsBuiltAsFarAsTheyCanBe() {
    try (Graph graph = new Graph()) {
      Output input = Ops.placeholder(graph, "input", DataType.FLOAT, -1, 7, 8, 3);
      Output one = Ops.placeholder(graph, "one", DataType.FLOAT, 1, 1, 3, 5);
      Output large = Ops.placeholder(graph, "large", DataType.FLOAT, 7, 7, 3, 5);
      Output bias = Ops.placeholder(graph, "bias", DataType.FLOAT, 5);
      Output gradient = Ops.placeholder(graph, "gradient", DataType.FLOAT, -1, 7, 8, 5);
      assertThat(gemm(graph, "GraftConvGemm", input, one, bias)).containsExactly(-1, 7, 8, 5);
      assertThat(gemm(graph, "GraftConvGemm", input, large, bias)).containsExactly(-1, -1, -1, 5);
      assertThat(gemm(graph, "GraftConvGemmInputGrad", input, large, gradient))
          .containsExactly(-1, 7, 8, 3);
      assertThat(gemm(graph, "GraftConvGemmFilterGrad", input, large, gradient))
          .containsExactly(7, 7, 3, 5);
    }
  }

  private static long[] gemm(Graph graph, String type, Output a, Output b, Output c) {
    return graph
        .op(type, type + graph.operations().size())
        .input(a)
        .input(b)
        .input(c)
        .attr("padding", "SAME")
        .output()
        .shape();
  }
}
