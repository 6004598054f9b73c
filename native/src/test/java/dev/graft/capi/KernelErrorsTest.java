package dev.graft.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the operations refuse, and in which words. */
class KernelErrorsTest {
  private Kernels kernels;
  private Output input;
  private Output packed;
  private Output none;

  @BeforeAll
  static void operations() {
    Kernels.assumeAvailable();
  }

  @BeforeEach
  void inputs() {
    kernels = new Kernels(1);
    input = kernels.random(1, 4, 5, 3);
    packed = kernels.pack(kernels.random(3, 3, 3, 8), false);
    none = kernels.none();
  }

  @AfterEach
  void close() {
    kernels.close();
  }

  private void assertRefused(Output output, String message) {
    assertThatThrownBy(() -> kernels.run(output))
        .isInstanceOfSatisfying(
            TensorFlowException.class,
            e -> assertThat(e.code()).isEqualTo(TensorFlowException.Code.INVALID_ARGUMENT))
        .hasMessageContaining(message);
  }

  @Test
  void kernelsThatCannotBePacked() {
    assertRefused(kernels.pack(kernels.random(3, 3, 8), false), "kernel has rank 3, not 4");
    assertRefused(kernels.pack(kernels.random(2, 2, 2, 2, 2), false), "kernel has rank 5, not 4");
    assertRefused(kernels.pack(kernels.random(5, 3, 2, 2), false), "kernel is 5x3, not 3x3");
    assertRefused(
        kernels.pack(kernels.random(3, 3, 0, 2), false),
        "kernel's input has 0 channels, not 1 to 2147483647");
    assertRefused(
        kernels.pack(kernels.random(3, 3, 2, 0), true),
        "kernel's output has 0 channels, not 1 to 2147483647");
  }

  @Test
  void inputsOfAConvolution() {
    assertRefused(
        kernels.conv3x3(kernels.random(4, 5, 3), packed, none, 8, true), "input has rank 3, not 4");
    assertRefused(
        kernels.conv3x3(kernels.random(1, 2, 2, 0), packed, none, 8, true), "input has 0 channels");
    assertRefused(
        kernels.conv3x3(input, packed, kernels.random(7), 8, true),
        "bias has 7 elements, not 0 or one for each of the 8 output channels");
    assertRefused(
        kernels.conv3x3(input, packed, kernels.random(2, 4), 8, true), "bias has rank 2, not 1");
    assertRefused(
        kernels.conv3x3Pool(input, packed, kernels.random(1), 8, true, true).output(1),
        "bias has 1 elements");
  }

  @Test
  void twoConvolutionsInOnePass() {
    Output first = kernels.pack(kernels.random(3, 3, 3, 32), false);
    Output second = kernels.pack(kernels.random(3, 3, 32, 8), false);
    assertRefused(
        kernels.twoConv3x3Pool(input, second, none, first, none, 16, 8, true),
        "a layer of 3 input and 16 output channels is not one to come before");
    assertRefused(
        kernels.twoConv3x3Pool(kernels.random(1, 4, 5, 9), second, none, first, none, 32, 8, true),
        "a layer of 9 input and 32 output channels is not one to come before");
    assertRefused(
        kernels.twoConv3x3Pool(input, second, none, second, none, 32, 8, true),
        "packed_before has ");
    assertRefused(
        kernels.twoConv3x3Pool(input, first, none, first, none, 32, 8, true),
        "; a kernel of 32 input and 8 output channels has ");
    assertRefused(
        kernels.twoConv3x3Pool(input, second, none, first, kernels.random(8), 32, 8, true),
        "bias has 8 elements, not 0 or one for each of the 32 output channels");
    Output zeros = kernels.value(Tensor.of(new float[16 + 27 * 32]));
    assertRefused(
        kernels.twoConv3x3Pool(input, second, none, zeros, none, 32, 8, true),
        "packed is not a kernel of ");
  }

  @Test
  void packedKernelsThatAreNot() {
    assertRefused(
        kernels.conv3x3(input, kernels.random(3, 3, 3, 8), none, 8, true),
        "packed has rank 4, not 1");
    assertRefused(
        kernels.conv3x3(input, kernels.random(7), none, 8, true),
        "packed has 7 elements; a kernel of 3 input and 8 output channels has ");
    assertRefused(
        kernels.conv3x3(kernels.random(1, 4, 5, 40), packed, none, 800, true),
        "a kernel of 40 input and 800 output channels has ");
    // As many elements, but of no packed kernel.
    Output negated = kernels.op("Neg").input(packed).output();
    assertRefused(
        kernels.conv3x3(input, negated, none, 8, true),
        "packed is not a kernel of 3 input and 8 output channels, packed by version "
            + KernelLibrary.load().version()
            + " of the kernels for this processor");
    assertRefused(
        kernels.conv3x3Pool(input, negated, none, 8, true, false).output(0),
        "packed is not a kernel of 3 input and 8 output channels");
  }

  @Test
  void anOutputOfTooManyElements() {
    assertRefused(
        kernels.conv3x3(kernels.random(0, 1L << 31, 1L << 31, 3), packed, none, 8, true),
        "the output would have more elements than can be counted");
  }

  @Test
  void gradientsOfAnActivation() {
    Output gradient = kernels.random(1, 4, 5, 8);
    Output noWhich = kernels.noWhich();
    Output which = kernels.value(Tensor.of(new byte[2 * 3 * 8], 1, 2, 3, 8));
    assertRefused(
        kernels.activationGrad(kernels.random(4, 5), gradient, noWhich, input, true).output(0),
        "gradient has rank 2, not 4");
    assertRefused(
        kernels.activationGrad(gradient, gradient, noWhich, none, true).output(0),
        "like has rank 1, not 4");
    assertRefused(
        kernels
            .activationGrad(kernels.random(1, 4, 4, 8), gradient, noWhich, input, true)
            .output(0),
        "gradient has rank 4 and shape [1, 4, 4, 8], not [1, 4, 5, 8]");
    assertRefused(
        kernels.activationGrad(gradient, none, noWhich, input, true).output(0),
        "output has rank 1 and shape");
    assertRefused(
        kernels.activationGrad(gradient, gradient, which, input, true).output(0),
        "gradient has rank 4 and shape [1, 4, 5, 8], not [1, 2, 3, 8]");
    assertRefused(
        kernels
            .activationGrad(
                kernels.random(1, 2, 3, 8),
                gradient,
                kernels.value(Tensor.of(new byte[48], 48)),
                input,
                true)
            .output(0),
        "which has rank 1 and shape");
    assertRefused(
        kernels.activationGrad(kernels.random(1, 4, 5, 0), none, noWhich, input, false).output(0),
        "gradient has 0 channels");
    assertRefused(
        kernels
            .activationGrad(gradient, kernels.random(1, 1, 1, 1, 1), noWhich, input, true)
            .output(0),
        "output has rank 5, above 4");
  }

  @Test
  void gradientsOfAFilter() {
    assertRefused(
        kernels.filterGrad(input, kernels.random(1, 5, 4, 8)),
        "gradient has rank 4 and shape [1, 5, 4, 8], not [1, 4, 5, 8]");
    assertRefused(kernels.filterGrad(none, kernels.random(1, 5, 4, 8)), "input has rank 1, not 4");
    assertRefused(
        kernels.filterGrad(kernels.random(1, 5, 4, 0), kernels.random(1, 5, 4, 8)),
        "input has 0 channels");
  }

  @Test
  void matrixProducts() {
    Output kernel = kernels.random(2, 2, 3, 8);
    assertRefused(
        kernels.convGemm(input, kernels.random(2, 2, 4, 8), none, "SAME", true),
        "kernel is of 4 input channels, input has 3");
    assertRefused(
        kernels.convGemm(input, kernels.random(0, 2, 3, 8), none, "SAME", true), "kernel is 0x2");
    assertRefused(
        kernels.convGemm(input, kernels.random(6, 2, 3, 8), none, "VALID", true),
        "kernel is 6x2, larger than the input's 4x5");
    assertRefused(
        kernels.convGemm(input, kernel, kernels.random(3), "VALID", true), "bias has 3 elements");
    assertRefused(
        kernels.convGemm(input, kernels.random(2, 2, 3, 0), none, "SAME", true),
        "kernel's output has 0 channels");
    assertRefused(
        kernels.convGemmInputGrad(input, kernel, kernels.random(1, 4, 5, 8), "VALID"),
        "gradient has shape [1, 4, 5, 8], the output [1, 3, 4, 8]");
    assertRefused(
        kernels.convGemmFilterGrad(input, kernel, kernels.random(1, 4, 5, 7), "SAME"),
        "gradient has shape [1, 4, 5, 7], the output [1, 4, 5, 8]");
    assertRefused(
        kernels.convGemmFilterGrad(input, none, kernels.random(1, 4, 5, 7), "SAME"),
        "like has rank 1, not 4");
  }

  /** What is known to be wrong when the graph is built is refused then. */
  @Test
  void attributesTypesAndStaticRanks() {
    assertThatThrownBy(() -> kernels.conv3x3(input, packed, none, 0, true))
        .isInstanceOf(TensorFlowException.class)
        .hasMessageContaining("channels");
    assertThatThrownBy(() -> kernels.convGemm(input, packed, none, "FULL", true))
        .isInstanceOf(TensorFlowException.class)
        .hasMessageContaining("padding");
    assertThatThrownBy(() -> kernels.pack(kernels.noWhich(), true))
        .isInstanceOf(TensorFlowException.class)
        .hasMessageContaining("float");
    Output vector = Ops.placeholder(kernels.graph(), "vector", DataType.FLOAT, 3);
    assertThatThrownBy(() -> kernels.filterGrad(vector, vector))
        .isInstanceOf(TensorFlowException.class)
        .hasMessageContaining("Shape must be rank 4 but is rank 1");
    assertThatThrownBy(
            () -> kernels.op("GraftPackKernel").input(input).attr("threads", -1).finish())
        .isInstanceOf(TensorFlowException.class)
        .hasMessageContaining("threads");
  }
}
