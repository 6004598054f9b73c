package dev.graft.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.weights.io.BufferBytes;
import dev.graft.weights.io.StoredArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArrayStatisticsTest {
  private static WeightArray bytes(DType dtype, int... elements) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(elements.length);
    for (int each : elements) {
      bytes.put((byte) each);
    }
    return WeightArrays.of(dtype, Shape.of(elements.length / dtype.byteSize()), bytes.flip());
  }

  /** The same figures as numpy's, over the finite elements. */
  @Test
  void agreesWithNumpy() {
    float[] data = {1.5f, -2.25f, 0, -0.0f, 3e-3f, 1e4f, Float.NaN, Float.POSITIVE_INFINITY, 7};
    ArrayStatistics found = ArrayStatistics.of(WeightArrays.of(data, 9));
    assertThat(found.min()).isEqualTo(-2.25);
    assertThat(found.max()).isEqualTo(10000);
    assertThat(found.mean()).isCloseTo(1429.464714285718, within(1e-11));
    assertThat(found.std()).isCloseTo(3498.9073953122106, within(1e-11));
    assertThat(found.nonFinite()).isEqualTo(2);
    assertThat(found.zeros()).isEqualTo(2);
    assertThat(found.sha256())
        .isEqualTo("900b8077bbb0c1e849399104f9bb2a1a9550d59318358a082f8dce9d9eac54fe")
        .isEqualTo(WeightArrays.sha256(WeightArrays.of(data, 9)));
  }

  @ParameterizedTest
  @CsvSource({
    "BOOL, 0, 1",
    "INT8, -128, 127",
    "UINT8, 0, 255",
    "INT16, -32768, 32767",
    "UINT16, 0, 65535",
    "INT32, -2147483648, 2147483647",
    "UINT32, 0, 4294967295",
    "INT64, -9223372036854775808, 9223372036854775807",
    "UINT64, 0, 18446744073709551615",
  })
  void knowsTheRangeOfIntegers(DType dtype, double min, double max) {
    int size = dtype.byteSize();
    int[] elements = new int[2 * size];
    boolean signed = dtype.name().startsWith("INT");
    for (int i = 0; i < size; i++) {
      boolean top = i == size - 1;
      elements[i] = signed && top ? 0x80 : 0;
      elements[size + i] = dtype == DType.BOOL ? 1 : signed && top ? 0x7f : 0xff;
    }
    ArrayStatistics found = ArrayStatistics.of(bytes(dtype, elements));
    assertThat(found.min()).isEqualTo(min);
    assertThat(found.max()).isEqualTo(max);
    assertThat(found.zeros()).isEqualTo(signed ? 0 : 1);
    assertThat(found.nonFinite()).isZero();
  }

  @Test
  void knowsTheNarrowAndTheWideFloats() {
    ArrayStatistics half = ArrayStatistics.of(bytes(DType.FLOAT16, 0, 0x3c, 0, 0xc0, 0, 0x7c));
    assertThat(List.of(half.min(), half.max(), half.mean())).containsExactly(-2.0, 1.0, -0.5);
    assertThat(half.nonFinite()).isEqualTo(1);
    ArrayStatistics bfloat = ArrayStatistics.of(bytes(DType.BFLOAT16, 0x80, 0x3f, 0, 0xc0));
    assertThat(List.of(bfloat.min(), bfloat.max(), bfloat.std())).containsExactly(-2.0, 1.0, 1.5);
    ArrayStatistics wide = ArrayStatistics.of(bytes(DType.FLOAT64, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f));
    assertThat(List.of(wide.min(), wide.max(), wide.std())).containsExactly(1.0, 1.0, 0.0);
  }

  @Test
  void countsComplexNumbersWhole() {
    int[] parts = {0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0x80, 0x7f, 0, 0, 0x80, 0x7f};
    ArrayStatistics found = ArrayStatistics.of(bytes(DType.COMPLEX64, parts));
    assertThat(found.zeros()).isEqualTo(1);
    assertThat(found.nonFinite()).isEqualTo(1);
    assertThat(found.mean()).isNaN();
  }

  @Test
  void hasNoRangeWhereNothingIsFinite() {
    for (float[] data : new float[][] {{}, {Float.NaN}}) {
      ArrayStatistics found = ArrayStatistics.of(WeightArrays.of(data, data.length));
      assertThat(List.of(found.min(), found.max(), found.mean(), found.std()))
          .containsOnly(Double.NaN);
      assertThat(found.nonFinite()).isEqualTo(data.length);
    }
  }

  /** A spread of 1 around 1e6: one sum of squares in float64 would lose five of its digits. */
  @Test
  void losesLittleOverMillionsOfElements() {
    float[] data = new float[3_000_001];
    Random random = new Random(11);
    double mean = 0;
    for (int i = 0; i < data.length; i++) {
      data[i] = 1e6f + (float) random.nextGaussian();
      mean += ((double) data[i] - mean) / (i + 1);
    }
    double squares = 0;
    for (float value : data) {
      squares += (value - mean) * (value - mean);
    }
    ArrayStatistics found = ArrayStatistics.of(WeightArrays.of(data, data.length));
    assertThat(found.mean()).isCloseTo(mean, within(1e-6));
    assertThat(found.std()).isCloseTo(Math.sqrt(squares / data.length), within(1e-9));
  }

  @Test
  void severalArraysComeInTheirOrderAndProgressEndsAtTheirBytes() {
    List<WeightArray> arrays = new ArrayList<>();
    long total = 0;
    for (int i = 1; i <= 20; i++) {
      float[] data = new float[i * 3000];
      java.util.Arrays.fill(data, i);
      arrays.add(i % 2 == 0 ? WeightArrays.of(data, data.length) : bigEndian(data));
      total += 4L * data.length;
    }
    AtomicLong most = new AtomicLong();
    List<ArrayStatistics> found =
        ArrayStatistics.of(arrays, bytes -> most.accumulateAndGet(bytes, Math::max));
    assertThat(most.get()).isEqualTo(total);
    for (int i = 1; i <= 20; i++) {
      assertThat(found.get(i - 1).mean()).isEqualTo(i);
      assertThat(found.get(i - 1)).isEqualTo(ArrayStatistics.of(arrays.get(i - 1)));
    }
  }

  private static WeightArray bigEndian(float[] data) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(4 * data.length).order(ByteOrder.BIG_ENDIAN);
    bytes.asFloatBuffer().put(data);
    return new StoredArray(
        new BufferBytes(bytes), 0, DType.FLOAT32, Shape.of(data.length), true, false);
  }
}
