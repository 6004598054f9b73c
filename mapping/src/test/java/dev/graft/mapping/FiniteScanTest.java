package dev.graft.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.weights.Shape;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FiniteScanTest {
  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void findsEveryKindAtEveryPlace(float value) {
    for (int length : new int[] {1, 2, 15, 16, 17, 47, 64}) {
      for (int at = 0; at < length; at++) {
        FakeArray array = FakeArray.counting(length).with(at, value);
        assertThat(FiniteScan.scan(array)).contains(new FiniteScan.Found(1, at, value));
        assertThat(FiniteScan.scan(array.withoutView()))
            .contains(new FiniteScan.Found(1, at, value));
      }
    }
  }

  @Test
  void acceptsEveryFiniteExtreme() {
    float[] extremes = {
      0f, -0f, Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE, -Float.MIN_VALUE, 1f, -1f
    };
    float[] values = new float[40];
    for (int i = 0; i < values.length; i++) {
      values[i] = extremes[(i * 3) % extremes.length];
    }
    assertThat(FiniteScan.scan(FakeArray.of(Shape.of(40), values))).isEmpty();
    assertThat(FiniteScan.scan(FakeArray.of(Shape.of(0)))).isEmpty();
  }

  @Test
  void countsOverAllChunks() {
    int length = 3 * (1 << 20) + 5;
    FakeArray array = FakeArray.random(new Random(1), length);
    assertThat(FiniteScan.scan(array)).isEmpty();
    FakeArray bad =
        array
            .with(length - 1, Float.NaN)
            .with((1 << 20) + 3, Float.NEGATIVE_INFINITY)
            .with((1 << 21) - 1, Float.NaN);
    FiniteScan.Found expected = new FiniteScan.Found(3, (1 << 20) + 3, Float.NEGATIVE_INFINITY);
    assertThat(FiniteScan.scan(bad)).contains(expected);
    assertThat(FiniteScan.scan(bad.withoutView())).contains(expected);
  }
}
