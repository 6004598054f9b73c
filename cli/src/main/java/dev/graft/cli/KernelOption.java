package dev.graft.cli;

import dev.graft.graph.Kernels;
import picocli.CommandLine.Option;

/** Which operations networks are built with. */
final class KernelOption {
  @Option(
      names = "--stock-kernels",
      description =
          "Compute with TensorFlow's operations only, not with Graft's faster ones, which round"
              + " differently.")
  private boolean stock;

  boolean isStock() {
    return stock;
  }

  Kernels kernels() {
    return stock ? Kernels.STOCK : Kernels.AUTO;
  }
}
