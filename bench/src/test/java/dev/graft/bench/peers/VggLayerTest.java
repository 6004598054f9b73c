package dev.graft.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.bench.NetSize;
import java.util.List;
import org.junit.jupiter.api.Test;

class VggLayerTest {
  @Test
  void poolsStandBehindTheLastLayerOfAStage() {
    List<VggLayer> layers = VggLayer.all(NetSize.FULL, false);
    assertThat(layers).hasSize(16);
    assertThat(layers.stream().map(VggLayer::endPoint))
        .startsWith("conv1_1", "pool1", "conv2_1", "pool2", "conv3_1", "conv3_2", "pool3")
        .endsWith("pool5", "fc6", "fc7", "fc8");
    assertThat(layers.get(15).relu()).isFalse();
  }

  @Test
  void theConvolutionsTakeThePublishedArithmetic() {
    // 15.35 G multiplications and additions.
    double flop = 0;
    int pixels = 224;
    for (VggLayer layer : VggLayer.all(NetSize.FULL, false).subList(0, 13)) {
      flop += layer.work(1, pixels, pixels).flop();
      pixels = layer.reduced(pixels);
    }
    assertThat(flop).isCloseTo(30.69e9, within(0.01e9));
    assertThat(pixels).isEqualTo(7);
  }

  @Test
  void aFullyConnectedLayerMovesItsWeights() {
    VggLayer fc6 = VggLayer.all(NetSize.FULL, false).get(13);
    LayerWork work = fc6.work(1, 7, 7);
    double weights = 25088.0 * 4096;
    assertThat(work.flop()).isEqualTo(2 * weights);
    assertThat(work.bytes()).isEqualTo(4 * (weights + 25088 + 2 * 4096));
    // At 100 GFLOP/s and 10 GB/s the memory is the limit.
    assertThat(work.rooflineSeconds(100, 10)).isEqualTo(work.bytes() / 10e9);
    assertThat(work.gflops(1)).isCloseTo(0.2055, within(1e-4));
  }

  @Test
  void aStretchKnowsItsEnds() {
    Stretch stretch = new Stretch(NetSize.NARROW, 1, 4, true, 2, 64);
    assertThat(stretch.inputShape()).containsExactly(2, 64, 64, 4);
    assertThat(stretch.outputShape()).containsExactly(2, 16, 16, 4);
    assertThat(stretch.fed()).isEqualTo("conv1_1");
    assertThat(stretch.fetched()).isEqualTo("pool2");
  }

  @Test
  void aStretchAddsItsLayersUp() {
    Stretch two = new Stretch(NetSize.FULL, 0, 2, true, 1, 224);
    assertThat(two.label()).isEqualTo("conv1_1+conv1_2+pool1");
    double pixels = 224 * 224;
    double weights = 27 * 64 + 64 + 576 * 64 + 64;
    assertThat(two.work().flop()).isEqualTo(2 * pixels * 64 * (27 + 576));
    assertThat(two.work().bytes()).isEqualTo(4 * (pixels * (3 + 64 / 4) + weights));
    assertThat(Case.LAYERS.contests(NetSize.FULL).stream().map(Contest::name))
        .startsWith("conv1_1", "conv1_1+conv1_2+pool1", "conv2_1")
        .endsWith("fc8", "fcn fc6");
  }

  @Test
  void layoutsGoThereAndBack() {
    float[] nhwc = {1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60};
    long[] shape = {2, 3, 1, 2};
    float[] nchw = Layout.toNchw(nhwc, shape);
    assertThat(nchw).containsExactly(1, 2, 3, 10, 20, 30, 4, 5, 6, 40, 50, 60);
    assertThat(Layout.toNhwc(nchw, shape)).containsExactly(nhwc);
    assertThat(Layout.nchwShape(shape)).containsExactly(2, 2, 3, 1);
  }
}
