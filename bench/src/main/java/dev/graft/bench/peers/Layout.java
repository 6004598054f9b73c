package dev.graft.bench.peers;

/** The order of the dimensions of images: Graft's is NHWC, ONNX Runtime's NCHW. */
final class Layout {
  private Layout() {}

  /** How many elements a shape has. */
  static long elements(long... shape) {
    long elements = 1;
    for (long dim : shape) {
      elements *= dim;
    }
    return elements;
  }

  /** [batch, height, width, channels] as [batch, channels, height, width]. */
  static long[] nchwShape(long... nhwc) {
    return new long[] {nhwc[0], nhwc[3], nhwc[1], nhwc[2]};
  }

  /** Values of that NHWC shape in the order of NCHW. */
  static float[] toNchw(float[] values, long... nhwc) {
    return swapped(values, (int) nhwc[0], (int) (nhwc[1] * nhwc[2]), (int) nhwc[3]);
  }

  /** Values of that NHWC shape, given in the order of NCHW. */
  static float[] toNhwc(float[] values, long... nhwc) {
    return swapped(values, (int) nhwc[0], (int) nhwc[3], (int) (nhwc[1] * nhwc[2]));
  }

  /** [batch][rows][columns] as [batch][columns][rows]. */
  private static float[] swapped(float[] values, int batch, int rows, int columns) {
    float[] result = new float[values.length];
    int to = 0;
    for (int n = 0; n < batch; n++) {
      for (int column = 0; column < columns; column++) {
        for (int row = 0; row < rows; row++) {
          result[to++] = values[(n * rows + row) * columns + column];
        }
      }
    }
    return result;
  }
}
