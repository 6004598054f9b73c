package dev.graft.mapping;

import static dev.graft.mapping.FakeArray.bytesOf;
import static dev.graft.mapping.FakeArray.valuesOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransformTest {
  @Test
  void reversesInputChannelsAndNothingElse() {
    FakeArray array = FakeArray.counting(1, 2, 3, 2);
    WeightArray reversed = Transform.parse("reverse_input_channels").apply(array);
    assertThat(reversed.shape()).isEqualTo(array.shape());
    assertThat(valuesOf(reversed)).containsExactly(4, 5, 2, 3, 0, 1, 10, 11, 8, 9, 6, 7);
    assertThat(reversed.view()).isEmpty();
    assertThat(reversed.region()).isEmpty();
  }

  @Test
  void transposesConvolutionKernels() {
    WeightArray hwio = Transform.parse("oihw_to_hwio").apply(FakeArray.counting(2, 3, 1, 2));
    assertThat(hwio.shape()).isEqualTo(Shape.of(1, 2, 3, 2));
    // Element [0, w, i, o] is o * 6 + i * 2 + w.
    assertThat(valuesOf(hwio)).containsExactly(0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11);
  }

  @Test
  void composesFromLeftToRight() {
    Transform transform = Transform.parse("oihw_to_hwio+reverse_input_channels");
    WeightArray array = transform.apply(FakeArray.counting(2, 3, 1, 2));
    assertThat(valuesOf(array)).containsExactly(4, 10, 2, 8, 0, 6, 5, 11, 3, 9, 1, 7);
    assertThat(transform).hasToString("oihw_to_hwio+reverse_input_channels");
    assertThat(transform.inverse()).hasToString("reverse_input_channels+hwio_to_oihw");
  }

  @Test
  void readsDenseRowsInHeightWidthChannelOrder() {
    FakeArray dense = FakeArray.counting(98, 3);
    WeightArray kernel = Transform.parse("dense_to_conv7").apply(dense);
    assertThat(kernel.shape()).isEqualTo(Shape.of(7, 7, 2, 3));
    assertThat(bytesOf(kernel)).isEqualTo(dense.bytes());
    assertThat(kernel.region()).isEqualTo(dense.region());
    assertThat(kernel.view()).isPresent();
  }

  @Test
  void readsTransposedDenseColumnsInChannelHeightWidthOrder() {
    WeightArray kernel = Transform.parse("chw_dense_to_conv7").apply(FakeArray.counting(3, 98));
    assertThat(kernel.shape()).isEqualTo(Shape.of(7, 7, 2, 3));
    float[] values = valuesOf(kernel);
    for (int h = 0, at = 0; h < 7; h++) {
      for (int w = 0; w < 7; w++) {
        for (int i = 0; i < 2; i++) {
          for (int o = 0; o < 3; o++) {
            assertThat(values[at++]).isEqualTo(o * 98 + i * 49 + h * 7 + w);
          }
        }
      }
    }
  }

  @Test
  void transposesDenseKernels() {
    WeightArray kernel = Transform.parse("oi_dense_to_conv1").apply(FakeArray.counting(2, 3));
    assertThat(kernel.shape()).isEqualTo(Shape.of(1, 1, 3, 2));
    assertThat(valuesOf(kernel)).containsExactly(0, 3, 1, 4, 2, 5);
  }

  @Test
  void readsKernelsOfCaffesTransposedConvolutions() {
    FakeArray array = FakeArray.counting(2, 3, 4, 5);
    WeightArray kernel = Transform.parse("iohw_to_hwoi").apply(array);
    assertThat(kernel.shape()).isEqualTo(Shape.of(4, 5, 3, 2));
    float[] values = valuesOf(kernel);
    for (int h = 0, at = 0; h < 4; h++) {
      for (int w = 0; w < 5; w++) {
        for (int o = 0; o < 3; o++) {
          for (int i = 0; i < 2; i++) {
            assertThat(values[at++]).isEqualTo(i * 60 + o * 20 + h * 5 + w);
          }
        }
      }
    }
  }

  @Test
  void dropsTheOnesOfOldCaffeBlobs() {
    Transform vector = Transform.parse("caffe_vector");
    FakeArray old = FakeArray.counting(1, 1, 1, 5);
    assertThat(vector.apply(old).shape()).isEqualTo(Shape.of(5));
    assertThat(vector.apply(old).region()).isEqualTo(old.region());
    FakeArray current = FakeArray.counting(5);
    assertThat(vector.apply(current)).isSameAs(current);
    assertThat(vector.inverse().apply(current)).isSameAs(current);
    Transform matrix = Transform.parse("caffe_matrix");
    assertThat(matrix.apply(Shape.of(1, 1, 4, 5))).isEqualTo(Shape.of(4, 5));
    assertThat(matrix.apply(Shape.of(4, 5))).isEqualTo(Shape.of(4, 5));
    assertThat(matrix.inverse().apply(Shape.of(4, 5))).isEqualTo(Shape.of(4, 5));
    assertThat(vector.apply(Shape.of(1, 1, 1, 1))).isEqualTo(Shape.of(1));
  }

  @ParameterizedTest
  @CsvSource({
    "identity, 5x4x3",
    "iohw_to_hwoi, 3x3x8x8",
    "hwoi_to_iohw, 8x8x3x3",
    "caffe_vector, 5",
    "caffe_matrix, 5x7",
    "caffe_matrix+chw_dense_to_conv7, 5x98",
    "reverse_input_channels, 3x3x3x8",
    "dense_to_conv7, 98x5",
    "conv7_to_dense, 7x7x2x5",
    "dense_to_conv1, 6x5",
    "conv1_to_dense, 1x1x6x5",
    "oihw_to_hwio, 40x35x3x3",
    "hwio_to_oihw, 3x3x35x40",
    "chw_dense_to_conv7, 37x98",
    "conv7_to_chw_dense, 7x7x2x37",
    "oi_dense_to_conv1, 65x70",
    "conv1_to_oi_dense, 1x1x70x65",
    "oihw_to_hwio+reverse_input_channels, 8x3x3x3",
    "chw_dense_to_conv7+conv7_to_dense, 5x98",
  })
  void anInverseGivesTheBytesBack(String name, String dims) {
    FakeArray array = random(dims);
    Transform transform = Transform.parse(name);
    WeightArray there = transform.apply(array);
    assertThat(there.shape()).isEqualTo(transform.apply(array.shape()));
    WeightArray copied = FakeArray.of(there.shape(), valuesOf(there));
    WeightArray back = transform.inverse().apply(copied);
    assertThat(back.shape()).isEqualTo(array.shape());
    assertThat(bytesOf(back)).isEqualTo(array.bytes());
    assertThat(bytesOf(transform.inverse().apply(there))).isEqualTo(array.bytes());
  }

  @Test
  void everyStepIsCoveredByTheInverses() {
    for (String name : Transform.stepNames()) {
      Transform step = Transform.parse(name);
      assertThat(step.inverse().inverse()).isEqualTo(step);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "reverse_input_channels, 3x3x3x8",
    "oihw_to_hwio, 5x7x3x3",
    "hwio_to_oihw, 3x3x7x5",
    "conv7_to_chw_dense, 7x7x2x3",
    "oihw_to_hwio+reverse_input_channels, 8x3x3x3",
  })
  void anyPartReadsLikeTheWhole(String name, String dims) {
    FakeArray array = random(dims);
    for (FakeArray source : new FakeArray[] {array, array.withoutView()}) {
      WeightArray changed = Transform.parse(name).apply(source);
      byte[] whole = bytesOf(changed);
      int elements = whole.length / 4;
      for (int from = 0; from < elements; from += 1 + from / 7) {
        for (int to = from; to <= elements; to += 1 + to / 5) {
          ByteBuffer part = ByteBuffer.allocate((to - from) * 4 + 3).position(3);
          changed.read(from * 4L, part);
          assertThat(part.hasRemaining()).isFalse();
          assertThat(part.position(3).slice())
              .isEqualTo(ByteBuffer.wrap(whole, from * 4, (to - from) * 4));
        }
      }
    }
  }

  @Test
  void refusesToReadOutsideTheArray() {
    WeightArray array = Transform.parse("oihw_to_hwio").apply(FakeArray.counting(2, 3, 1, 2));
    assertThatThrownBy(() -> array.read(44, ByteBuffer.allocate(8)))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("bytes [44, +8) of an array of 48 bytes");
    assertThatThrownBy(() -> array.read(2, ByteBuffer.allocate(4)))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void takesEmptyArrays() {
    WeightArray array = Transform.parse("oihw_to_hwio").apply(FakeArray.counting(0, 3, 1, 2));
    assertThat(array.shape()).isEqualTo(Shape.of(1, 2, 3, 0));
    assertThat(bytesOf(array)).isEmpty();
  }

  @Test
  void onlyRearrangesFloat32() {
    FakeArray doubles = FakeArray.zeros(DType.FLOAT64, 3, 3, 3, 2);
    assertThatThrownBy(() -> Transform.parse("oihw_to_hwio").apply(doubles))
        .hasMessage("only float32 is rearranged, found float64");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dense_to_conv7 | 100x10 | dense_to_conv7 takes [49·in, out], found [100, 10]: 100 is not a multiple of 49 (7×7)",
        "dense_to_conv7 | 7x7x2x3 | dense_to_conv7 takes [49·in, out], found [7, 7, 2, 3]: its rank is 4, not 2",
        "chw_dense_to_conv7 | 98x3 | chw_dense_to_conv7 takes [out, in·49], found [98, 3]: 3 is not a multiple of 49 (7×7)",
        "conv7_to_dense | 3x3x2x2 | conv7_to_dense takes [7, 7, in, out], found [3, 3, 2, 2]: its first two dimensions are not 7, 7",
        "conv1_to_dense | 1x2x2x2 | conv1_to_dense takes [1, 1, in, out], found [1, 2, 2, 2]: its first two dimensions are not 1, 1",
        "caffe_vector | 1x5 | caffe_vector takes [n] or [1, 1, 1, n], found [1, 5]: its rank is 2, not 1 or 4",
        "caffe_vector | 1x1x2x5 | caffe_vector takes [n] or [1, 1, 1, n], found [1, 1, 2, 5]: dimension 2 is 2, not 1",
        "caffe_matrix | 3x1x2x5 | caffe_matrix takes [out, in] or [1, 1, out, in], found [3, 1, 2, 5]: dimension 0 is 3, not 1",
        "vector_to_caffe | 1x5 | vector_to_caffe takes [n], found [1, 5]: its rank is 2, not 1",
        "reverse_input_channels | 3 | reverse_input_channels takes [height, width, in, out], found [3]: its rank is 1, not 4",
      })
  void saysWhichShapesItTakes(String name, String dims, String message) {
    assertThatThrownBy(() -> Transform.parse(name).apply(random(dims).shape()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void refusesUnknownAndUnfittingSteps() {
    assertThatThrownBy(() -> Transform.parse("dense_to_conv"))
        .hasMessage("unknown transform 'dense_to_conv' (did you mean 'dense_to_conv7'?)");
    assertThatThrownBy(() -> Transform.parse("identity+")).hasMessage("unknown transform ''");
    assertThatThrownBy(() -> Transform.parse("dense_to_conv7+dense_to_conv1"))
        .hasMessage(
            "dense_to_conv1 takes rank 2 and cannot follow rank 4 in"
                + " 'dense_to_conv7+dense_to_conv1'");
  }

  private static FakeArray random(String dims) {
    long[] parsed = Arrays.stream(dims.split("x")).mapToLong(Long::parseLong).toArray();
    return FakeArray.random(new Random(3), parsed);
  }
}
