package dev.graft.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightStore;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SyntheticWeightsTest {
  private static final String NAME = "vgg16/conv2_1/kernel";
  private static final Shape SHAPE = Shape.of(3, 3, 64, 128);

  private static float[] values(String name, long seed) {
    try (WeightStore store = SyntheticWeights.of(Map.of(name, SHAPE), seed)) {
      return WeightArrays.floats(store.get(name));
    }
  }

  @Test
  void aValueDependsOnSeedNameAndIndex() {
    assertThat(values(NAME, 1)).isEqualTo(values(NAME, 1));
    assertThat(values(NAME, 1)).isNotEqualTo(values(NAME, 2));
    assertThat(values(NAME, 1)).isNotEqualTo(values("vgg16/conv2_2/kernel", 1));
  }

  @Test
  void aPartReadsAsInTheWhole() {
    WeightArray array = new SyntheticArray(NAME, SHAPE, 1);
    ByteBuffer part = ByteBuffer.allocate(12).order(ByteOrder.BIG_ENDIAN);
    array.read(4000, part);
    assertThat(part.hasRemaining()).isFalse();
    assertThat(part.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
    float[] whole = values(NAME, 1);
    ByteBuffer read = part.flip().order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 3; i++) {
      assertThat(read.getFloat()).isEqualTo(whole[1000 + i]);
    }
  }

  @Test
  void kernelsHaveTheDeviationOfHe() {
    double sum = 0;
    double squares = 0;
    float[] values = values(NAME, 1);
    for (float value : values) {
      sum += value;
      squares += value * value;
    }
    double he = Math.sqrt(2.0 / (3 * 3 * 64));
    assertThat(sum / values.length).isCloseTo(0, within(he / 50));
    assertThat(Math.sqrt(squares / values.length)).isCloseTo(he, within(he / 100));
  }

  @Test
  void theFullClassifierIsThePublishedOne() {
    long elements =
        NetSize.FULL.classifierShapes().values().stream()
            .mapToLong(shape -> shape.elementCount())
            .sum();
    assertThat(elements).isEqualTo(138_357_544);
  }
}
