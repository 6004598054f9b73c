package dev.graft.capi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Infinity and NaN come out wherever stock operations give them, and of a 3×3 convolution in the
 * tiles around, no further.
 */
class NonFiniteOpsTest {
  private static final int SIZE = 24;
  private static final int ROW = 9;
  private static final int COLUMN = 14;

  @BeforeAll
  static void operations() {
    Kernels.assumeAvailable();
  }

  /** Channels of input: direct, Winograd. */
  @ParameterizedTest
  @CsvSource({"3, NaN", "3, Infinity", "3, -Infinity", "20, NaN", "20, Infinity", "20, -Infinity"})
  void aConvolution(int channels, float value) {
    try (Kernels kernels = new Kernels(11)) {
      Output input = kernels.value(image(channels, value));
      Output kernel = kernels.random(3, 3, channels, 5);
      Output bias = kernels.random(5);
      Output packed = kernels.pack(kernel, false);
      for (boolean relu : new boolean[] {false, true}) {
        Output stock = kernels.stock(input, kernel, bias, "SAME", relu);
        compare(kernels, stock, kernels.conv3x3(input, packed, bias, 5, relu), 1, relu);
      }
      Output pooled = kernels.stockPool(kernels.stock(input, kernel, bias, "SAME", true));
      Output own = kernels.conv3x3Pool(input, packed, bias, 5, true, false).output();
      compare(kernels, pooled, own, 2, true);
    }
  }

  /** Rows of the matrix product: few and many. */
  @ParameterizedTest
  @ValueSource(ints = {2, 60})
  void aMatrixProduct(int rows) {
    try (Kernels kernels = new Kernels(12)) {
      float[] values = Kernels.randomFloats(new Random(1), rows, 33);
      values[33 + 4] = Float.NaN;
      values[7] = Float.POSITIVE_INFINITY;
      Output input = kernels.value(Tensor.of(values, 1, 1, rows, 33));
      Output kernel = kernels.random(1, 1, 33, 17);
      Output bias = kernels.random(17);
      Output own =
          kernels
              .op("GraftConvGemm")
              .input(input)
              .input(kernel)
              .input(bias)
              .attr("padding", "VALID")
              .attr("relu", false)
              .output();
      List<Tensor> results = kernels.run(kernels.stock(input, kernel, bias, "VALID", false), own);
      float[] expected = results.get(0).toFloats();
      float[] found = results.get(1).toFloats();
      for (int i = 0; i < 2 * 17; i++) {
        assertThat(Float.isFinite(expected[i])).isFalse();
        assertThat(Float.compare(found[i], expected[i])).isZero();
      }
      for (int i = 2 * 17; i < found.length; i++) {
        assertThat(Float.isFinite(found[i])).isTrue();
      }
      results.forEach(Tensor::close);
    }
  }

  private static Tensor image(int channels, float value) {
    float[] values = Kernels.randomFloats(new Random(2), SIZE, SIZE, channels);
    values[(ROW * SIZE + COLUMN) * channels + 1] = value;
    return Tensor.of(values, 1, SIZE, SIZE, channels);
  }

  /** A pixel of the outputs is {@code scale} pixels of the input wide. */
  private static void compare(Kernels kernels, Output stock, Output own, int scale, boolean relu) {
    List<Tensor> results = kernels.run(stock, own);
    float[] expected = results.get(0).toFloats();
    float[] found = results.get(1).toFloats();
    int side = SIZE / scale;
    int notFinite = 0;
    for (int i = 0; i < found.length; i++) {
      int y = i / 5 / side * scale;
      int x = i / 5 % side * scale;
      if (!Float.isFinite(expected[i])) {
        assertThat(Float.isFinite(found[i])).as("row %s, column %s", y, x).isFalse();
        notFinite++;
      }
      // The tiles of 4×4 that the value's neighbours are in.
      boolean near = Math.abs(y / 4 - ROW / 4) <= 1 && Math.abs(x / 4 - COLUMN / 4) <= 1;
      if (!near) {
        assertThat(Float.isFinite(found[i])).as("row %s, column %s", y, x).isTrue();
      }
    }
    // TensorFlow's ReLU makes zero of half of the infinities and, fused, of NaN.
    assertThat(notFinite).isGreaterThanOrEqualTo(relu ? 0 : 40);
    results.forEach(Tensor::close);
  }
}
