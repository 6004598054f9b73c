package dev.graft.graph;

import org.junit.jupiter.api.BeforeEach;

/** The same with Graft's own operations, within the same tolerances. */
class GoldenOwnTrainingTest extends GoldenTrainingTest {
  private Kernels own;

  @BeforeEach
  void find() {
    own = OwnKernels.get();
  }

  @Override
  Kernels kernels() {
    return own;
  }
}
