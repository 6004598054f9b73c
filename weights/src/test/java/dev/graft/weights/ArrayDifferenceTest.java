package dev.graft.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ArrayDifferenceTest {
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private static WeightArray floats(float... data) {
    return WeightArrays.of(data, data.length);
  }

  private static WeightArray longs(DType dtype, long... data) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(8 * data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(data);
    return WeightArrays.of(dtype, Shape.of(data.length * 8L / dtype.byteSize()), bytes);
  }

  private static ArrayDifference between(WeightArray a, WeightArray b) {
    return ArrayDifference.between(a, b, 0, 0, done -> {});
  }

  @Test
  void sameBytesAreBitEqual() {
    assertThat(between(floats(1, Float.NaN, -0.0f), floats(1, Float.NaN, -0.0f)))
        .isEqualTo(new ArrayDifference(true, 0, 0, 0, -1));
  }

  @Test
  void equalValuesOfOtherBitsAreEqualButNotInBits() {
    float otherNan = Float.intBitsToFloat(0xffc0_0001);
    assertThat(between(floats(0, Float.NaN, INFINITY), floats(-0.0f, otherNan, INFINITY)))
        .isEqualTo(new ArrayDifference(false, 0, 0, 0, -1));
  }

  @Test
  void theFirstOfTheLargestDifferencesIsNamed() {
    assertThat(between(floats(1, 2, 3, 4), floats(1, 2.5f, 2, 5)))
        .isEqualTo(new ArrayDifference(false, 3, 3, 1, 2));
  }

  @Test
  void toleranceIsAbsolutePlusRelativeToTheFirst() {
    WeightArray a = floats(100, 1, 0);
    WeightArray b = floats(101, 1.25f, 0.25f);
    assertThat(ArrayDifference.between(a, b, 0.25, 0, done -> {}).beyond()).isEqualTo(1);
    assertThat(ArrayDifference.between(a, b, 0, 0.01, done -> {}).beyond()).isEqualTo(2);
    assertThat(ArrayDifference.between(a, b, 0.25, 0.01, done -> {}))
        .isEqualTo(new ArrayDifference(false, 3, 0, 1, 0));
  }

  @Test
  void whatIsNotFiniteDiffersInfinitely() {
    for (float[] pair : new float[][] {{Float.NaN, 1}, {1, INFINITY}, {INFINITY, -INFINITY}}) {
      ArrayDifference found =
          ArrayDifference.between(
              floats(7, pair[0]), floats(7, pair[1]), Double.MAX_VALUE, 1e300, done -> {});
      assertThat(found).isEqualTo(new ArrayDifference(false, 1, 1, Double.POSITIVE_INFINITY, 1));
    }
  }

  @Test
  void otherTypesAreComparedByValue() {
    WeightArray bfloat = WeightArrays.cast(floats(1, 2.5f, -3), DType.BFLOAT16);
    ArrayDifference found = between(floats(1, 2.5f, -2), bfloat);
    assertThat(found).isEqualTo(new ArrayDifference(false, 1, 1, 1, 2));
    assertThat(between(floats(1), WeightArrays.cast(floats(1), DType.FLOAT64)))
        .isEqualTo(new ArrayDifference(false, 0, 0, 0, -1));
  }

  @Test
  void largeIntegersOfOneTypeAreComparedInAllTheirBits() {
    long large = (1L << 53) + 1;
    assertThat(between(longs(DType.INT64, large, -1), longs(DType.INT64, large - 1, -1)))
        .isEqualTo(new ArrayDifference(false, 1, 1, 1, 0));
    assertThat(
            between(longs(DType.INT64, Long.MIN_VALUE), longs(DType.INT64, Long.MAX_VALUE))
                .largest())
        .isEqualTo(0x1p64);
    assertThat(between(longs(DType.UINT64, -1), longs(DType.UINT64, 0)).largest())
        .isEqualTo(0x1p64);
  }

  @Test
  void complexNumbersAreComparedPartByPart() {
    long one = 0x3f80_0000L;
    WeightArray a = longs(DType.COMPLEX64, one, one);
    WeightArray b = longs(DType.COMPLEX64, one, one | (one << 32));
    assertThat(between(a, b)).isEqualTo(new ArrayDifference(false, 1, 1, 1, 1));
    assertThat(ArrayDifference.comparable(DType.COMPLEX64, DType.FLOAT32)).isFalse();
    assertThatThrownBy(() -> between(a, floats(1, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not to be compared: complex64 with float32");
  }

  @Test
  void anyNumberOfPieces() {
    float[] data = new float[100_000];
    float[] other = data.clone();
    other[99_999] = 3;
    other[50_000] = 1;
    AtomicLong done = new AtomicLong();
    ArrayDifference found = ArrayDifference.between(floats(data), floats(other), 0, 0, done::set);
    assertThat(found).isEqualTo(new ArrayDifference(false, 2, 2, 3, 99_999));
    assertThat(done.get()).isEqualTo(100_000);
    assertThatThrownBy(() -> between(floats(1), floats(1, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shapes differ: [1], [2]");
  }
}
