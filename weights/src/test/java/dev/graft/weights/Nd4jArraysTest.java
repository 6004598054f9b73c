package dev.graft.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class Nd4jArraysTest {
  /** What {@link #plainLoadNeedsNoNd4j} runs in a process of its own. */
  public static final class PlainLoad {
    private PlainLoad() {}

    public static void main(String[] args) {
      try (WeightStore store = WeightStore.open(Path.of(args[0]))) {
        for (String name : store.names()) {
          if (WeightArrays.firstNonFinite(store.get(name)) >= 0) {
            throw new IllegalStateException(name);
          }
        }
      }
      try {
        Class.forName("org.nd4j.linalg.factory.Nd4j");
      } catch (ClassNotFoundException e) {
        return;
      }
      throw new IllegalStateException("ND4J is on the class path");
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.MATCH_NONE,
      names = {"FLOAT8_.*", "COMPLEX.*"})
  void everyDtypeGoesInAndComesBack(DType dtype) {
    byte[] elements = new byte[6 * dtype.byteSize()];
    new Random(4).nextBytes(elements);
    if (dtype == DType.BOOL) {
      for (int i = 0; i < elements.length; i++) {
        elements[i] &= 1;
      }
    }
    WeightArray array = WeightArrays.of(dtype, Shape.of(2, 3), ByteBuffer.wrap(elements));
    INDArray copy = Nd4jArrays.of(array);
    assertThat(copy.shape()).containsExactly(2, 3);
    WeightArray back = Nd4jArrays.from(copy);
    assertThat(back.dtype()).isEqualTo(dtype);
    assertThat(back.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(Golden.bytes(back)).isEqualTo(elements);
  }

  @Test
  void valuesScalarsAndEmptyArrays() {
    INDArray matrix = Nd4jArrays.of(WeightArrays.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
    assertThat(matrix.getFloat(1, 0)).isEqualTo(4);
    assertThat(Nd4jArrays.of(WeightArrays.of(7L)).getLong()).isEqualTo(7);
    assertThat(Nd4jArrays.of(WeightArrays.of(new float[0], 0, 3)).shape()).containsExactly(0, 3);
    assertThat(Golden.bytes(Nd4jArrays.from(Nd4jArrays.of(WeightArrays.of(new float[0], 0, 3)))))
        .isEmpty();
    WeightArray complex =
        WeightArrays.of(DType.COMPLEX64, Shape.of(1), ByteBuffer.allocateDirect(8));
    assertThatThrownBy(() -> Nd4jArrays.of(complex))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ND4J has no dtype complex64");
  }

  @Test
  void castsAndPermutations() {
    INDArray matrix = Nd4jArrays.of(WeightArrays.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
    WeightArray transposed = Nd4jArrays.from(Nd4jArrays.permute(matrix, 1, 0));
    assertThat(transposed.shape()).isEqualTo(Shape.of(3, 2));
    assertThat(WeightArrays.floats(transposed)).containsExactly(1, 4, 2, 5, 3, 6);
    assertThat(WeightArrays.floats(Nd4jArrays.from(matrix.transpose())))
        .containsExactly(1, 4, 2, 5, 3, 6);
    WeightArray doubles = Nd4jArrays.from(Nd4jArrays.cast(matrix, DType.FLOAT64));
    assertThat(doubles.dtype()).isEqualTo(DType.FLOAT64);
    assertThat(doubles.view()).isEmpty();
    assertThat(Nd4jArrays.cast(matrix, DType.INT32).getInt(1, 2)).isEqualTo(6);
  }

  /** Starting ND4J takes most of a second: without its jars a plain load still works. */
  @Test
  void plainLoadNeedsNoNd4j() throws IOException, InterruptedException {
    String classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.endsWith(".jar"))
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                PlainLoad.class.getName(),
                Golden.file("tensorflow_vgg_py3.npy").toString())
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
  }
}
