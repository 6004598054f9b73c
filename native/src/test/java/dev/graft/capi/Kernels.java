package dev.graft.capi;

import org.junit.jupiter.api.Assumptions;

/** Graft's own operations for tests, which are skipped where there are none. */
final class Kernels {
  private Kernels() {}

  static void assumeAvailable() {
    KernelLibrary library = KernelLibrary.load();
    if (!library.available()) {
      System.out.println("NOT RUN: Graft's own operations are " + library.description());
    }
    Assumptions.assumeTrue(library.available(), library.description());
  }
}
