package dev.graft.cli;

import dev.graft.capi.Tensor;
import dev.graft.cli.Failures.Failed;
import dev.graft.graph.Predictor;
import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;

/** The scores of one image after another, in a buffer that is used again. */
final class LogitsFile {
  private final Predictor predictor;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(0);
  private Shape shape = Shape.of(0, 0, 0);

  LogitsFile(Predictor predictor) {
    this.predictor = predictor;
  }

  /**
   * Predicts.
   *
   * @param image uint8 RGB [height, width, 3]
   * @return float32 [rows, columns, classes]; valid until the next call
   */
  FloatBuffer predict(Tensor image) {
    int height = (int) image.dim(0);
    int width = (int) image.dim(1);
    int rows = predictor.rows(height);
    int columns = predictor.columns(width);
    if (rows < 1 || columns < 1) {
      throw new Failed(
          "the image is too small for "
              + predictor.model()
              + ": "
              + width
              + "×"
              + height
              + " pixels");
    }
    shape = Shape.of(rows, columns, predictor.classes());
    long bytes = shape.elementCount() * Float.BYTES;
    if (bytes > Integer.MAX_VALUE) {
      throw new Failed(
          "the scores of "
              + height
              + "×"
              + width
              + " pixels take "
              + Tables.bytes(bytes)
              + ", above 2 GiB");
    }
    if (buffer.capacity() < bytes) {
      buffer = ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.nativeOrder());
    }
    buffer.clear().limit((int) bytes);
    predictor.logits(image.bytes(), height, width, buffer);
    buffer.flip();
    return buffer.order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  /** Rows of the last prediction. */
  int rows() {
    return (int) shape.dim(0);
  }

  /** Columns of the last prediction. */
  int columns() {
    return (int) shape.dim(1);
  }

  /** Writes the last prediction as .npy. */
  void write(Path file) {
    WeightWriter.writePlain(
        file, WeightArrays.of(DType.FLOAT32, shape, buffer.duplicate()), bytes -> {});
  }
}
