package dev.graft.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CastTest {
  private static final int ALL = 1 << 16;

  private static WeightArray array(DType dtype, long... bits) {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(bits.length * dtype.byteSize()).order(ByteOrder.LITTLE_ENDIAN);
    for (long each : bits) {
      switch (dtype.byteSize()) {
        case 2 -> bytes.putShort((short) each);
        case 4 -> bytes.putInt((int) each);
        default -> bytes.putLong(each);
      }
    }
    return WeightArrays.of(dtype, Shape.of(bits.length), bytes.flip());
  }

  private static long[] bits(WeightArray array) {
    ByteBuffer bytes = ByteBuffer.wrap(Golden.bytes(array)).order(ByteOrder.LITTLE_ENDIAN);
    long[] bits = new long[(int) array.shape().elementCount()];
    for (int i = 0; i < bits.length; i++) {
      bits[i] =
          switch (array.dtype().byteSize()) {
            case 2 -> bytes.getShort(2 * i) & 0xffffL;
            case 4 -> bytes.getInt(4 * i) & 0xffff_ffffL;
            default -> bytes.getLong(8 * i);
          };
    }
    return bits;
  }

  private static WeightArray everyValue(DType dtype) {
    long[] bits = new long[ALL];
    for (int i = 0; i < ALL; i++) {
      bits[i] = i;
    }
    return array(dtype, bits);
  }

  /** A 16-bit number from the definition of its type: sign, exponent, fraction. */
  private static double value(DType dtype, int bits) {
    int fractionBits = dtype == DType.FLOAT16 ? 10 : 7;
    int bias = dtype == DType.FLOAT16 ? 15 : 127;
    int fraction = bits & ((1 << fractionBits) - 1);
    int exponent = (bits & 0x7fff) >> fractionBits;
    double sign = (bits & 0x8000) == 0 ? 1 : -1;
    if (exponent == 2 * bias + 1) {
      return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
    }
    return exponent == 0
        ? sign * fraction * Math.pow(2, 1 - bias - fractionBits)
        : sign * (fraction + (1 << fractionBits)) * Math.pow(2, exponent - bias - fractionBits);
  }

  /** The bits of the nearest of all values of a 16-bit type, found by trying them. */
  private static int nearest(DType dtype, double value) {
    int infinity = dtype == DType.FLOAT16 ? 0x7c00 : 0x7f80;
    int low = 0;
    int high = infinity - 1;
    double magnitude = Math.abs(value);
    while (low < high) {
      int middle = (low + high + 1) / 2;
      if (value(dtype, middle) <= magnitude) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    double below = value(dtype, low);
    // The value that would follow the largest lies as far from it as the one before.
    double above = low + 1 == infinity ? 2 * below - value(dtype, low - 1) : value(dtype, low + 1);
    double middle = below + (above - below) / 2;
    boolean up = magnitude > middle || (magnitude == middle && low % 2 == 1);
    return (up ? low + 1 : low) | (1 / value < 0 ? 0x8000 : 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16"})
  void widensEveryValueAndComesBack(DType dtype) {
    WeightArray all = everyValue(dtype);
    WeightArray floats = WeightArrays.cast(all, DType.FLOAT32);
    WeightArray doubles = WeightArrays.cast(all, DType.FLOAT64);
    long[] floatBits = bits(floats);
    long[] doubleBits = bits(doubles);
    long[] back = bits(WeightArrays.cast(floats, dtype));
    long[] backFromDouble = bits(WeightArrays.cast(doubles, dtype));
    for (int i = 0; i < ALL; i++) {
      double expected = value(dtype, i);
      if (Double.isNaN(expected)) {
        int quiet = i | (dtype == DType.FLOAT16 ? 0x200 : 0x40);
        assertThat(Float.intBitsToFloat((int) floatBits[i])).isNaN();
        assertThat(Double.longBitsToDouble(doubleBits[i])).isNaN();
        assertThat(floatBits[i] & 0x8040_0000L).isEqualTo(((i & 0x8000L) << 16) | 0x40_0000);
        assertThat(back[i]).isEqualTo(quiet);
        assertThat(backFromDouble[i]).isEqualTo(quiet);
      } else {
        assertThat(floatBits[i])
            .isEqualTo(Float.floatToRawIntBits((float) expected) & 0xffff_ffffL);
        assertThat(doubleBits[i]).isEqualTo(Double.doubleToRawLongBits(expected));
        assertThat(back[i]).isEqualTo(i);
        assertThat(backFromDouble[i]).isEqualTo(i);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16"})
  void roundsToTheNearestOfAllValues(DType dtype) {
    List<Double> values = new ArrayList<>();
    Random random = new Random(5);
    int infinity = dtype == DType.FLOAT16 ? 0x7c00 : 0x7f80;
    for (int i = 0; i < infinity; i++) {
      double value = value(dtype, i);
      double next = i + 1 == infinity ? 2 * value - value(dtype, i - 1) : value(dtype, i + 1);
      double middle = value + (next - value) / 2;
      // Ties, their neighbours in float64, and something in between.
      values.addAll(List.of(middle, Math.nextUp(middle), -Math.nextDown(middle)));
      values.add(value + random.nextDouble() * (next - value));
    }
    long[] doubles = values.stream().mapToLong(Double::doubleToRawLongBits).toArray();
    long[] floats = new long[doubles.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = Float.floatToRawIntBits((float) (double) values.get(i));
    }
    long[] fromDouble = bits(WeightArrays.cast(array(DType.FLOAT64, doubles), dtype));
    long[] fromFloat = bits(WeightArrays.cast(array(DType.FLOAT32, floats), dtype));
    for (int i = 0; i < doubles.length; i++) {
      assertThat(fromDouble[i]).as("%s", values.get(i)).isEqualTo(nearest(dtype, values.get(i)));
      float value = Float.intBitsToFloat((int) floats[i]);
      assertThat(fromFloat[i]).as("%s", value).isEqualTo(nearest(dtype, value));
    }
  }

  /** Computed with numpy (float16) and PyTorch (bfloat16). */
  @ParameterizedTest
  @CsvSource({
    "0x3dcccccd, 0x2e66, 0x3dcd",
    "0xbdcccccd, 0xae66, 0xbdcd",
    "0x3eaaaaab, 0x3555, 0x3eab",
    "0x477fe000, 0x7bff, 0x4780",
    "0x477feffd, 0x7bff, 0x4780",
    "0x477ff000, 0x7c00, 0x4780",
    "0x49742400, 0x7c00, 0x4974",
    "0x45001000, 0x6800, 0x4500",
    "0x45003000, 0x6802, 0x4500",
    "0x33800000, 0x0001, 0x3380",
    "0x33000000, 0x0000, 0x3300",
    "0x33000001, 0x0001, 0x3300",
    "0x33c00000, 0x0002, 0x33c0",
    "0x387fda40, 0x03ff, 0x3880",
    "0xaedbe6ff, 0x8000, 0xaedc",
    "0x40490fdb, 0x4248, 0x4049",
    "0x44803000, 0x6402, 0x4480",
    "0xff800000, 0xfc00, 0xff80",
    "0x7f7fffff, 0x7c00, 0x7f80",
  })
  void narrowsAsNumpyAndTorchDo(String from, String half, String bfloat) {
    WeightArray array = array(DType.FLOAT32, Long.decode(from));
    assertThat(bits(WeightArrays.cast(array, DType.FLOAT16))).containsExactly(Long.decode(half));
    assertThat(bits(WeightArrays.cast(array, DType.BFLOAT16))).containsExactly(Long.decode(bfloat));
  }

  /** Computed with numpy: rounding to float32 on the way would give another float16. */
  @ParameterizedTest
  @CsvSource({
    "3ff0020000001000, 0x3c01, 0x3f801000",
    "3ff0020000000000, 0x3c00, 0x3f801000",
    "3ff005fffffff000, 0x3c01, 0x3f803000",
    "40effdffffffffff, 0x7bff, 0x477ff000",
    "3e60000000000080, 0x0001, 0x33000000",
    "3e60000000000000, 0x0000, 0x33000000",
    "7e37e43c8800759c, 0x7c00, 0x7f800000",
    "81a56e1fc2f8f359, 0x8000, 0x80000000",
    "40a00200000000dc, 0x6801, 0x45001000",
  })
  void narrowsFloat64InOneStep(String from, String half, String single) {
    WeightArray array = array(DType.FLOAT64, Long.parseUnsignedLong(from, 16));
    assertThat(bits(WeightArrays.cast(array, DType.FLOAT16))).containsExactly(Long.decode(half));
    assertThat(bits(WeightArrays.cast(array, DType.FLOAT32))).containsExactly(Long.decode(single));
  }

  /** Smallest and largest value, 1 as bits, and how many are NaN, from the types' definitions. */
  @ParameterizedTest
  @CsvSource({
    "FLOAT8_E5M2, 0x1p-16, 57344, 0x3c, 6",
    "FLOAT8_E4M3FN, 0x1p-9, 448, 0x38, 2",
    "FLOAT8_E8M0, 0x1p-127, 0x1p127, 0x7f, 1",
    "FLOAT8_E5M2FNUZ, 0x1p-17, 57344, 0x40, 1",
    "FLOAT8_E4M3FNUZ, 0x1p-10, 240, 0x40, 1",
  })
  void widensTypesOf8Bits(DType dtype, double smallest, double largest, String one, int nans) {
    ByteBuffer all = ByteBuffer.allocateDirect(256);
    for (int i = 0; i < 256; i++) {
      all.put((byte) i);
    }
    WeightArray array = WeightArrays.of(dtype, Shape.of(256), all.flip());
    float[] values = WeightArrays.floats(WeightArrays.cast(array, DType.FLOAT32));
    List<Float> finite = new ArrayList<>();
    int found = 0;
    for (float value : values) {
      found += Float.isNaN(value) ? 1 : 0;
      if (Float.isFinite(value) && value > 0) {
        finite.add(value);
      }
    }
    assertThat(found).isEqualTo(nans);
    assertThat(finite).isSorted();
    assertThat((double) finite.get(0)).isEqualTo(smallest);
    assertThat((double) finite.get(finite.size() - 1)).isEqualTo(largest);
    assertThat(values[Integer.decode(one)]).isEqualTo(1);
    assertThat(ArrayStatistics.of(array).max()).isEqualTo(largest);
    if (dtype == DType.FLOAT8_E5M2) {
      for (int i = 0; i < 256; i++) {
        assertThat((double) values[i]).isEqualTo(Double.valueOf(value(DType.FLOAT16, i << 8)));
      }
    }
  }

  @Test
  void keepsTheSignAndTheLeadingPayloadOfANan() {
    WeightArray single = array(DType.FLOAT32, 0xffa0_0001L, 0x7f80_0001L);
    assertThat(bits(WeightArrays.cast(single, DType.FLOAT16))).containsExactly(0xff00, 0x7e00);
    assertThat(bits(WeightArrays.cast(single, DType.BFLOAT16))).containsExactly(0xffe0, 0x7fc0);
    assertThat(bits(WeightArrays.cast(single, DType.FLOAT64)))
        .containsExactly(0xfffc_0000_2000_0000L, 0x7ff8_0000_2000_0000L);
    WeightArray wide = array(DType.FLOAT64, 0xfff4_0000_2000_0001L);
    assertThat(bits(WeightArrays.cast(wide, DType.FLOAT32))).containsExactly(0xffe0_0001L);
  }

  @Test
  void readsAnyRunOfElements() {
    float[] data = new float[20_000];
    Random random = new Random(7);
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) random.nextGaussian();
    }
    WeightArray half = WeightArrays.cast(WeightArrays.of(data, 100, 200), DType.FLOAT16);
    byte[] whole = Golden.bytes(half);
    for (int[] run : new int[][] {{0, 1}, {1, 4096}, {4095, 2}, {3, 19_997}, {20_000, 0}}) {
      ByteBuffer part = ByteBuffer.allocateDirect(2 * run[1] + 6).position(3).limit(2 * run[1] + 3);
      half.read(2L * run[0], part);
      assertThat(part.position()).isEqualTo(part.limit());
      assertThat(part.position(3).slice())
          .isEqualTo(ByteBuffer.wrap(whole, 2 * run[0], 2 * run[1]));
    }
    assertThat(half.shape()).isEqualTo(Shape.of(100, 200));
    assertThatThrownBy(() -> half.read(1, ByteBuffer.allocate(2)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void leavesOtherTypesAndTheRightTypeAlone() {
    WeightArray integers = WeightArrays.of(7L);
    WeightArray floats = WeightArrays.of(new float[] {1}, 1);
    assertThat(WeightArrays.cast(integers, DType.FLOAT16)).isSameAs(integers);
    assertThat(WeightArrays.cast(floats, DType.FLOAT32)).isSameAs(floats);
    assertThatThrownBy(() -> WeightArrays.cast(floats, DType.INT8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a type to cast to: int8");
  }

  @Test
  void castsAWholeStore() {
    int[] closed = new int[1];
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    arrays.put("w", WeightArrays.of(new float[] {1, 2}, 2));
    arrays.put("step", WeightArrays.of(3L));
    List<OtherEntry> others = List.of(new OtherEntry("note", "string", "x"));
    try (WeightStore store =
        WeightStores.cast(
            WeightStores.of(arrays, others, "made", () -> closed[0]++), DType.BFLOAT16)) {
      assertThat(store.names()).containsExactly("w", "step");
      assertThat(store.get("w").dtype()).isEqualTo(DType.BFLOAT16);
      assertThat(store.get("step").dtype()).isEqualTo(DType.INT64);
      assertThat(store.others()).isEqualTo(others);
      assertThat(store.source()).isEqualTo("made");
    }
    assertThat(closed[0]).isEqualTo(1);
  }
}
