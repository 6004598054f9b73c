package dev.graft.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WeightArraysTest {
  private static final int ELEMENTS = 5003;

  @Test
  void floatsInAndOut() {
    WeightArray array = WeightArrays.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    assertThat(array.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(WeightArrays.floats(array)).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(array.view().orElseThrow().getFloat(8)).isEqualTo(3);
    assertThat(array.view().orElseThrow().isReadOnly()).isTrue();
    assertThatThrownBy(() -> WeightArrays.of(new float[5], 2, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("float32 [2, 3] has 24 bytes, given 20");
    assertThatThrownBy(() -> WeightArrays.floats(WeightArrays.of(3L)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a float32 array is needed, not int64");
  }

  @Test
  void readsAreMadeOfWholeElements() {
    WeightArray array = WeightArrays.of(new float[] {1, 2}, 2);
    ByteBuffer four = ByteBuffer.allocate(4);
    for (long offset : new long[] {-4, 2, 8, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> array.read(offset, four))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> array.read(0, ByteBuffer.allocate(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("element size 4");
  }

  @Test
  void storesOfArrays() {
    int[] closed = new int[1];
    WeightArray array = WeightArrays.of(7L);
    try (WeightStore store = WeightStores.of(Map.of("step", array), "made", () -> closed[0]++)) {
      assertThat(store.source()).isEqualTo("made");
      assertThat(store.contains("step")).isTrue();
      assertThat(store.contains("other")).isFalse();
      assertThat(store.get("step")).isSameAs(array);
      assertThatThrownBy(() -> store.get("other"))
          .isInstanceOf(NoSuchElementException.class)
          .hasMessage("made: has no array \"other\"");
    }
    assertThat(closed[0]).isEqualTo(1);
  }

  /**
   * The bits of the first infinity, the largest finite number, and a quiet NaN with its sign set.
   */
  @ParameterizedTest
  @CsvSource({
    "FLOAT8_E5M2, 0x7c, 0x7b, 0xff",
    "FLOAT8_E4M3FN, 0x7f, 0x7e, 0xff",
    "FLOAT16, 0x7c00, 0x7bff, 0xfe00",
    "BFLOAT16, 0x7f80, 0x7f7f, 0xffc0",
    "FLOAT32, 0x7f800000, 0x7f7fffff, 0xffc00000",
    "COMPLEX64, 0x7f800000, 0x7f7fffff, 0xffc00000",
    "FLOAT64, 0x7ff0000000000000, 0x7fefffffffffffff, 0xfff8000000000000",
    "COMPLEX128, 0x7ff0000000000000, 0x7fefffffffffffff, 0xfff8000000000000",
  })
  void findsTheFirstNonFinite(DType dtype, String infinity, String largest, String nan) {
    int part = dtype.componentSize();
    int parts = ELEMENTS * dtype.byteSize() / part;
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(ELEMENTS * dtype.byteSize()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < parts; i++) {
      put(bytes, i * part, part, Long.parseUnsignedLong(largest.substring(2), 16) | sign(i, part));
    }
    WeightArray array = WeightArrays.of(dtype, Shape.of(ELEMENTS), bytes.duplicate());
    assertThat(WeightArrays.firstNonFinite(array)).isEqualTo(-1);
    int perElement = dtype.byteSize() / part;
    for (int at : new int[] {parts - 1, parts - 2, parts - 5, 4097, 2500, 17, 3, 1, 0}) {
      for (String bits : new String[] {infinity, nan}) {
        put(bytes, at * part, part, Long.parseUnsignedLong(bits.substring(2), 16));
        assertThat(WeightArrays.firstNonFinite(array)).as("at %d", at).isEqualTo(at / perElement);
        assertThat(WeightArrays.firstNonFinite(withoutView(array))).isEqualTo(at / perElement);
      }
    }
  }

  /** Every byte but one is finite. */
  @ParameterizedTest
  @CsvSource({"FLOAT8_E8M0, 0xff", "FLOAT8_E5M2FNUZ, 0x80", "FLOAT8_E4M3FNUZ, 0x80"})
  void findsTheOnlyNan(DType dtype, int nan) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(ELEMENTS * 4);
    for (int i = 0; i < bytes.limit(); i++) {
      bytes.put(i, (byte) (i % 256 == nan ? 1 : i));
    }
    WeightArray array = WeightArrays.of(dtype, Shape.of(bytes.limit()), bytes.duplicate());
    assertThat(WeightArrays.firstNonFinite(array)).isEqualTo(-1);
    for (int at : new int[] {bytes.limit() - 1, 8191, 4097, 17, 3, 1, 0}) {
      bytes.put(at, (byte) nan);
      assertThat(WeightArrays.firstNonFinite(array)).isEqualTo(at);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BOOL", "INT8", "UINT16", "INT32", "UINT64"})
  void integersAreFinite(DType dtype) {
    ByteBuffer ones = ByteBuffer.allocateDirect(64 * dtype.byteSize());
    while (ones.hasRemaining()) {
      ones.put((byte) -1);
    }
    WeightArray array = WeightArrays.of(dtype, Shape.of(64), ones.flip());
    assertThat(WeightArrays.firstNonFinite(array)).isEqualTo(-1);
  }

  @Test
  void findsOneBeyondTheFirstPieceWithoutAView() {
    float[] data = new float[600_000];
    data[599_999] = Float.NaN;
    assertThat(WeightArrays.firstNonFinite(withoutView(WeightArrays.of(data, 600_000))))
        .isEqualTo(599_999);
  }

  private static long sign(int index, int part) {
    return index % 3 == 0 ? 1L << (8 * part - 1) : 0;
  }

  private static void put(ByteBuffer bytes, int at, int size, long bits) {
    switch (size) {
      case 1 -> bytes.put(at, (byte) bits);
      case 2 -> bytes.putShort(at, (short) bits);
      case 4 -> bytes.putInt(at, (int) bits);
      default -> bytes.putLong(at, bits);
    }
  }

  private static WeightArray withoutView(WeightArray array) {
    return new WeightArray() {
      @Override
      public DType dtype() {
        return array.dtype();
      }

      @Override
      public Shape shape() {
        return array.shape();
      }

      @Override
      public void read(long offset, ByteBuffer dst) {
        array.read(offset, dst);
      }
    };
  }
}
