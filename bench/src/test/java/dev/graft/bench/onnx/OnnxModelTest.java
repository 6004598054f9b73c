package dev.graft.bench.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.bench.onnx.OnnxModel.Attributes;
import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxModelTest {
  @TempDir Path folder;

  private record Weight(DType dtype, Shape shape, ByteBuffer bytes) implements WeightArray {
    static Weight of(Shape shape, float... values) {
      ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(values);
      return new Weight(DType.FLOAT32, shape, bytes);
    }

    @Override
    public void read(long offset, ByteBuffer dst) {
      dst.put(bytes.duplicate().position((int) offset).limit((int) offset + dst.remaining()));
    }
  }

  @Test
  void onnxRuntimeComputesWhatWasWritten() throws IOException, OrtException {
    OnnxModel model = new OnnxModel();
    model.input("x", 1, 2);
    model.weight("kernel", Weight.of(Shape.of(2, 3), 1, 3, 5, 2, 4, 6));
    model.weight("bias", Weight.of(Shape.of(3), 0.5f, 0, -100));
    model.node("Gemm", "y", new Attributes(), "x", "kernel", "bias");
    model.node("Relu", "z", new Attributes(), "y");
    model.output("z", 1, 3);
    Path file = model.write(folder);

    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(file.toString());
        OnnxTensor x = OnnxTensor.createTensor(environment, new float[][] {{10, 1}});
        OrtSession.Result result = session.run(Map.of("x", x))) {
      assertThat((float[][]) result.get(0).getValue())
          .isDeepEqualTo(new float[][] {{12.5f, 34, 0}});
    }
  }

  @Test
  void aWeightBeginsOnAPage() throws IOException {
    OnnxModel model = new OnnxModel();
    model.weight("a", Weight.of(Shape.of(3), 1, 2, 3));
    model.weight("b", Weight.of(Shape.of(1), 4));
    model.write(folder);
    byte[] weights = Files.readAllBytes(folder.resolve("weights.bin"));
    assertThat(weights).hasSize(4096 + 4);
    assertThat(ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN).getFloat(4096)).isEqualTo(4);
  }

  @Test
  void otherTypesThanFloat32AreRefused() {
    Weight wrong = new Weight(DType.FLOAT64, Shape.of(1), ByteBuffer.allocate(8));
    assertThatThrownBy(() -> new OnnxModel().weight("a", wrong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a is ");
  }

  @Test
  void integersAreVarints() {
    assertThat(new Proto().integer(1, 300).toByteArray()).containsExactly(8, 0xac, 2);
    assertThat(new Proto().integer(20, 0).toByteArray()).containsExactly(0xa0, 1, 0);
    assertThat(new Proto().integer(1, -1).toByteArray()).hasSize(11).endsWith(1);
    assertThat(new Proto().text(2, "ab").toByteArray()).containsExactly(0x12, 2, 'a', 'b');
  }
}
