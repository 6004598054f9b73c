package dev.graft.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The 3×3 convolutions, with pool and in twos, against Conv2D, BiasAdd, Relu and MaxPool. */
class Conv3x3OpsTest {
  @BeforeAll
  static void operations() {
    Kernels.assumeAvailable();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 1",
    "1, 8, 8, 3, 16",
    "2, 7, 5, 3, 64",
    "3, 1, 13, 5, 7",
    "1, 13, 1, 16, 1",
    "4, 2, 3, 17, 33",
    "1, 23, 29, 1, 8",
    "1, 14, 14, 64, 48",
    "9, 6, 6, 8, 16",
  })
  void aConvolutionGivesWhatStockOperationsGive(int n, int h, int w, int c, int k) {
    try (Kernels kernels = new Kernels(n * 31L + h)) {
      Output input = kernels.random(n, h, w, c);
      Output kernel = kernels.random(3, 3, c, k);
      Output bias = kernels.random(k);
      Output packed = kernels.pack(kernel, false);
      for (boolean relu : new boolean[] {true, false}) {
        kernels.assertSame(
            kernels.conv3x3(input, packed, bias, k, relu),
            kernels.stock(input, kernel, bias, "SAME", relu));
        kernels.assertSame(
            kernels.conv3x3(input, packed, kernels.none(), k, relu),
            kernels.stock(input, kernel, null, "SAME", relu));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 1",
    "2, 8, 8, 3, 16",
    "2, 7, 5, 3, 64",
    "3, 1, 13, 5, 7",
    "1, 23, 29, 1, 8",
    "1, 14, 14, 64, 48",
  })
  void aPoolGivesWhatStockOperationsGive(int n, int h, int w, int c, int k) {
    try (Kernels kernels = new Kernels(n * 37L + h)) {
      Output input = kernels.random(n, h, w, c);
      Output kernel = kernels.random(3, 3, c, k);
      Output bias = kernels.random(k);
      Output packed = kernels.pack(kernel, false);
      for (boolean relu : new boolean[] {true, false}) {
        Operation pool = kernels.conv3x3Pool(input, packed, bias, k, relu, false);
        kernels.assertSame(
            pool.output(), kernels.stockPool(kernels.stock(input, kernel, bias, "SAME", relu)));
        List<Tensor> which = kernels.run(pool.output(1));
        assertThat(which.get(0).shape()).containsExactly(0);
        which.get(0).close();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 32, 1",
    "2, 8, 8, 3, 64, 16",
    "3, 1, 13, 5, 32, 7",
    "1, 41, 29, 3, 64, 64",
    "2, 14, 90, 8, 32, 130",
  })
  void twoConvolutionsInOnePassGiveWhatStockOperationsGive(
      int n, int h, int w, int c, int middle, int k) {
    try (Kernels kernels = new Kernels(n * 41L + h)) {
      Output input = kernels.random(n, h, w, c);
      Output first = kernels.random(3, 3, c, middle);
      Output second = kernels.random(3, 3, middle, k);
      Output bias = kernels.random(middle);
      for (boolean relu : new boolean[] {true, false}) {
        Output between = kernels.stock(input, first, bias, "SAME", relu);
        kernels.assertSame(
            kernels.twoConv3x3Pool(
                input,
                kernels.pack(second, false),
                kernels.none(),
                kernels.pack(first, false),
                bias,
                middle,
                k,
                relu),
            kernels.stockPool(kernels.stock(between, second, null, "SAME", relu)));
      }
    }
  }

  @Test
  void whichNamesThePixelThatAPooledValueIsOf() {
    try (Kernels kernels = new Kernels(5)) {
      int h = 5;
      int w = 7;
      int k = 6;
      Output input = kernels.random(2, h, w, 3);
      Output packed = kernels.pack(kernels.random(3, 3, 3, k), false);
      Output full = kernels.conv3x3(input, packed, kernels.none(), k, true);
      Operation pool = kernels.conv3x3Pool(input, packed, kernels.none(), k, true, true);
      List<Tensor> results = kernels.run(full, pool.output(0), pool.output(1));
      float[] all = results.get(0).toFloats();
      float[] pooled = results.get(1).toFloats();
      byte[] which = results.get(2).toBytes();
      assertThat(results.get(2).shape()).containsExactly(2, 3, 4, k);
      int cut = 0;
      for (int i = 0; i < which.length; i++) {
        int x = i / k % 4;
        int y = i / k / 4 % 3;
        int image = i / k / 4 / 3;
        if (which[i] == 4) {
          assertThat(pooled[i]).isZero();
          cut++;
        } else {
          int row = 2 * y + which[i] / 2;
          int column = 2 * x + which[i] % 2;
          assertThat(row).isLessThan(h);
          assertThat(column).isLessThan(w);
          float there = all[((image * h + row) * w + column) * k + i % k];
          assertThat(pooled[i]).isCloseTo(there, offset(1e-4f));
          assertThat(pooled[i]).isPositive();
        }
      }
      assertThat(cut).isBetween(1, which.length / 2);
      results.forEach(Tensor::close);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 4, 5", "2, 0, 5", "2, 4, 0"})
  void anEmptyInputGivesAnEmptyOutput(int n, int h, int w) {
    try (Kernels kernels = new Kernels(1)) {
      Output none = kernels.none();
      Output first = kernels.pack(kernels.random(3, 3, 3, 32), false);
      Output second = kernels.pack(kernels.random(3, 3, 32, 4), false);
      Output input = kernels.random(n, h, w, 3);
      Output kernel = kernels.random(3, 3, 3, 4);
      Output bias = kernels.random(4);
      Output packed = kernels.pack(kernel, false);
      Operation pool = kernels.conv3x3Pool(input, packed, bias, 4, true, true);
      List<Tensor> results =
          kernels.run(
              kernels.conv3x3(input, packed, bias, 4, true),
              pool.output(0),
              pool.output(1),
              kernels.twoConv3x3Pool(input, second, none, first, none, 32, 4, true));
      assertThat(results.get(0).shape()).containsExactly(n, h, w, 4);
      assertThat(results.get(3).shape()).containsExactly(n, (h + 1) / 2, (w + 1) / 2, 4);
      assertThat(results.get(1).shape()).containsExactly(n, (h + 1) / 2, (w + 1) / 2, 4);
      assertThat(results.get(2).shape()).containsExactly(n, (h + 1) / 2, (w + 1) / 2, 4);
      results.forEach(Tensor::close);
    }
  }

  @Test
  void manySettingsOfThreadsGiveTheSameBits() {
    try (Kernels kernels = new Kernels(3)) {
      Output input = kernels.random(2, 19, 21, 16);
      Output packed = kernels.pack(kernels.random(3, 3, 16, 32), false);
      Output bias = kernels.random(32);
      Output[] outputs = new Output[4];
      for (int threads = 0; threads < outputs.length; threads++) {
        outputs[threads] =
            kernels
                .op("GraftConv3x3")
                .input(input)
                .input(packed)
                .input(bias)
                .attr("channels", 32)
                .attr("threads", threads)
                .output();
      }
      List<Tensor> results = kernels.run(outputs);
      for (Tensor result : results) {
        assertThat(result.toFloats()).isEqualTo(results.get(0).toFloats());
      }
      results.forEach(Tensor::close);
    }
  }

  @Test
  void shapesAreKnownWhenTheGraphIsBuilt() {
    try (Graph graph = new Graph()) {
      Output input = Ops.placeholder(graph, "input", DataType.FLOAT, -1, 7, 8, 3);
      Output packed = Ops.placeholder(graph, "packed", DataType.FLOAT, -1);
      Output bias = Ops.placeholder(graph, "bias", DataType.FLOAT, 64);
      Output none = Ops.constant(graph, "none", Tensor.of(new float[0]));
      Output any = Ops.placeholder(graph, "any", DataType.FLOAT);
      assertThat(
              graph
                  .op("GraftConv3x3", "conv")
                  .input(input)
                  .input(packed)
                  .input(bias)
                  .attr("channels", 64)
                  .output()
                  .shape())
          .containsExactly(-1, 7, 8, 64);
      assertThat(
              graph
                  .op("GraftConv3x3", "plain")
                  .input(input)
                  .input(packed)
                  .input(none)
                  .attr("channels", 64)
                  .output()
                  .shape())
          .containsExactly(-1, 7, 8, -1);
      Operation pool =
          graph
              .op("GraftConv3x3Pool", "pool")
              .input(input)
              .input(packed)
              .input(bias)
              .attr("channels", 64)
              .finish();
      assertThat(pool.output(0).shape()).containsExactly(-1, 4, 4, 64);
      assertThat(pool.output(1).shape()).isNull();
      assertThat(
              graph
                  .op("GraftTwoConv3x3Pool", "two")
                  .input(input)
                  .input(packed)
                  .input(bias)
                  .input(packed)
                  .input(none)
                  .attr("channels_before", 32)
                  .attr("channels", 64)
                  .output()
                  .shape())
          .containsExactly(-1, 4, 4, 64);
      assertThat(
              graph
                  .op("GraftConv3x3", "free")
                  .input(any)
                  .input(any)
                  .input(any)
                  .attr("channels", 64)
                  .output()
                  .shape())
          .containsExactly(-1, -1, -1, -1);
    }
  }
}
