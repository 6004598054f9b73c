package dev.graft.cli;

import dev.graft.graph.Kernels;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which operations networks are built with that only predict. */
final class PredictionKernelOption {
  @Mixin private KernelOption option;

  @Option(
      names = "--fc-bfloat16",
      description =
          "Read the weights of fc6, fc7 and fc8 as bfloat16: half the memory, and scores that"
              + " differ by some thousandths. Needs Graft's own operations.")
  private boolean bfloat16;

  /**
   * What was chosen.
   *
   * @throws dev.graft.graph.GraphException where that cannot be had on this machine
   */
  Kernels kernels(GraftCommand command) {
    if (!bfloat16) {
      return option.kernels();
    }
    command.require(
        !option.isStock(),
        "--fc-bfloat16 needs Graft's own operations, which --stock-kernels switches off");
    Kernels rounded = option.kernels().withBfloat16Dense();
    // Before anything is read, rather than when the network is built.
    rounded.bfloat16Dense();
    return rounded;
  }
}
