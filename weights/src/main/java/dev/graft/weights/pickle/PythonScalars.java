package dev.graft.weights.pickle;

import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArrays;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Python's own numbers, and numpy's single ones, as arrays without dimensions. */
final class PythonScalars {
  private PythonScalars() {}

  /** The array of a Python int (int64), float (float64) or bool; empty for anything else. */
  static Optional<WeightArray> of(Object value) {
    if (value instanceof Long number) {
      return Optional.of(WeightArrays.of(number));
    }
    if (value instanceof Double number) {
      return Optional.of(
          WeightArrays.of(DType.FLOAT64, Shape.of(), buffer(Double.BYTES).putDouble(0, number)));
    }
    if (value instanceof Boolean flag) {
      byte bit = (byte) (flag ? 1 : 0);
      return Optional.of(WeightArrays.of(DType.BOOL, Shape.of(), buffer(1).put(0, bit)));
    }
    return Optional.empty();
  }

  /** The same value as an int64, where that holds every value of its integer type. */
  static WeightArray widened(WeightArray scalar) {
    ByteBuffer value = buffer(Long.BYTES);
    switch (scalar.dtype()) {
      case INT8, INT16, INT32, UINT8, UINT16, UINT32 ->
          scalar.read(0, value.limit(scalar.dtype().byteSize()));
      default -> {
        return scalar;
      }
    }
    value.clear();
    return WeightArrays.of(
        switch (scalar.dtype()) {
          case INT8 -> value.get(0);
          case INT16 -> value.getShort(0);
          case INT32 -> value.getInt(0);
          default -> value.getLong(0);
        });
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
