package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.capi.KernelLibrary;
import org.junit.jupiter.api.Assumptions;

/** Graft's own operations for tests, which are skipped where there are none. */
final class OwnKernels {
  private OwnKernels() {}

  static Kernels get() {
    KernelLibrary library = KernelLibrary.load();
    if (!library.available()) {
      System.out.println("NOT RUN: Graft's own operations are " + library.description());
    }
    Assumptions.assumeTrue(library.available(), library.description());
    assertThat(Kernels.AUTO.areOwn()).as(Kernels.AUTO.description()).isTrue();
    return Kernels.AUTO;
  }
}
