package dev.graft.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GraftConstant: a file's floats as a tensor. */
class ConstantOpTest {
  @TempDir Path folder;

  @BeforeAll
  static void operations() {
    Kernels.assumeAvailable();
  }

  private Path file(float... values) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return Files.write(folder.resolve("values.bin"), bytes.array());
  }

  private static Output constant(Graph graph, Path file, long... shape) {
    return graph
        .op("GraftConstant", "constant")
        .attr("dtype", DataType.FLOAT)
        .attrShape("shape", shape)
        .attr("file", file.toString())
        .output()
        .withShape(shape);
  }

  @Test
  void itsValueIsTheFiles() throws IOException {
    try (Graph graph = new Graph()) {
      Output constant = constant(graph, file(1, 2, 3, 4, 5, 6), 2, 3);
      assertThat(constant.shape()).containsExactly(2, 3);
      try (Session session = new Session(graph)) {
        for (int run = 0; run < 3; run++) {
          try (Tensor value = session.runner().fetch(constant).runOne()) {
            assertThat(value.shape()).containsExactly(2, 3);
            assertThat(value.toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
          }
        }
      }
    }
  }

  @Test
  void aValueOutlivesItsSessionAndItsFile() throws IOException {
    Path file = file(7, 8);
    Tensor value;
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      value = session.runner().fetch(constant(graph, file, 2)).runOne();
      Files.delete(file);
    }
    assertThat(value.toFloats()).containsExactly(7, 8);
    value.close();
  }

  @Test
  void anEmptyFileIsAnEmptyTensor() throws IOException {
    try (Graph graph = new Graph();
        Session session = new Session(graph);
        Tensor value = session.runner().fetch(constant(graph, file(), 0, 4)).runOne()) {
      assertThat(value.shape()).containsExactly(0, 4);
    }
  }

  @Test
  void aFileOfAnotherLengthIsRefused() throws IOException {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Output constant = constant(graph, file(1, 2, 3), 2);
      assertThatThrownBy(() -> session.runner().fetch(constant).runOne())
          .isInstanceOf(TensorFlowException.class)
          .hasMessageContaining("values.bin: expected 8 bytes, found 12");
    }
  }

  @Test
  void aMissingFileIsRefused() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Output constant = constant(graph, folder.resolve("none.bin"), 2);
      assertThatThrownBy(() -> session.runner().fetch(constant).runOne())
          .isInstanceOf(TensorFlowException.class)
          .hasMessageContaining("none.bin: No such file or directory");
    }
  }
}
