package dev.graft.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.graft.weights.WeightStore;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every benchmark once, narrow, called as JMH calls it, so that none can rot. */
class BenchmarksTest {
  private static final String NARROW = "narrow";

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void callOverheadGivesBackWhatWasFed(int interOpThreads) {
    CallOverhead benchmark = new CallOverhead();
    benchmark.interOpThreads = interOpThreads;
    benchmark.open();
    try {
      assertThat(benchmark.identity()).isEqualTo(42);
      assertThat(benchmark.identity()).isEqualTo(42);
    } finally {
      benchmark.close();
    }
  }

  @Test
  void vggPredictionGivesADistribution() {
    VggPrediction benchmark = new VggPrediction();
    benchmark.device = "cpu";
    benchmark.size = NARROW;
    benchmark.kernels = "own";
    benchmark.open();
    try {
      VggPrediction.Buffers buffers = new VggPrediction.Buffers();
      buffers.allocate(benchmark);
      float[] probabilities = benchmark.probabilities(buffers);
      assertThat(probabilities).hasSize(10);
      double sum = 0;
      for (float probability : probabilities) {
        assertThat(probability).isBetween(0f, 1f);
        sum += probability;
      }
      assertThat(sum).isCloseTo(1, within(1e-4));
    } finally {
      benchmark.close();
    }
  }

  @Test
  void fcn8sPredictionGivesAClassForEachPixel() {
    Fcn8sPrediction benchmark = new Fcn8sPrediction();
    benchmark.device = "cpu";
    benchmark.size = NARROW;
    benchmark.kernels = "own";
    benchmark.open();
    try {
      Fcn8sPrediction.Buffers buffers = new Fcn8sPrediction.Buffers();
      buffers.allocate(benchmark);
      byte[] ids = benchmark.classIds(buffers);
      assertThat(ids).hasSize(64 * 64);
      for (byte id : ids) {
        assertThat(id).isBetween((byte) 0, (byte) (Networks.SEGMENTATION_CLASSES - 1));
      }
    } finally {
      benchmark.close();
    }
  }

  @Test
  void aMissingGpuIsSaidClearly() {
    assumeThat(Device.GPU.isPresent()).isFalse();
    VggPrediction benchmark = new VggPrediction();
    benchmark.device = "gpu";
    benchmark.size = NARROW;
    benchmark.kernels = "stock";
    assertThatThrownBy(benchmark::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("TensorFlow sees none on this machine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"frozen", "trained"})
  void trainStepLearns(String backbone) {
    TrainStep benchmark = new TrainStep();
    benchmark.backbone = backbone;
    benchmark.size = NARROW;
    benchmark.kernels = "own";
    benchmark.open();
    try {
      // ln 21: nothing is known of 21 classes yet.
      assertThat(benchmark.step()).isBetween(2f, 8f);
      assertThat(benchmark.step()).isBetween(2f, 8f);
    } finally {
      benchmark.close();
    }
  }

  @Test
  void weightOpenFindsEverything() {
    WeightOpen benchmark = new WeightOpen();
    benchmark.size = NARROW;
    benchmark.prepare();
    long elements =
        NetSize.NARROW.classifierShapes().values().stream()
            .mapToLong(shape -> shape.elementCount())
            .sum();
    assertThat(benchmark.open()).isEqualTo(elements);
    assertThat(benchmark.map().mapped()).hasSize(32);
    assertThat(benchmark.mapAndScan().mapped()).hasSize(32);
    assertThat(benchmark.warmConstants())
        .containsOnlyKeys(NetSize.NARROW.classifierShapes().keySet());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"npy", "npz", "npy-folder", "safetensors", "torch", "keras-h5", "tensorflow"})
  void containersOpenToTheWholeTable(String container) {
    ContainerOpen benchmark = new ContainerOpen();
    benchmark.container = container;
    benchmark.size = NARROW;
    benchmark.prepare();
    assertThat(benchmark.openAndMap().mapped()).hasSize(32);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cp", "npz", "npy-folder", "tensorflow"})
  void convertingLeavesNothingBehind(String to) throws IOException, InterruptedException {
    ContainerConvert benchmark = new ContainerConvert();
    benchmark.to = to;
    benchmark.size = NARROW;
    benchmark.prepare();
    Path written = benchmark.convert();
    try (WeightStore store = WeightStore.open(written)) {
      assertThat(store.names()).hasSize(32);
    }
    benchmark.clean();
    benchmark.remove();
    assertThat(written.getParent()).doesNotExist();
  }
}
