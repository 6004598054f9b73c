package dev.graft.weights.hdf5;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Shows single numbers. */
final class Numbers {
  private Numbers() {}

  /** A number as text; empty where it is of a kind that Java has no type for. */
  static String text(Datatype type, byte[] bytes) {
    ByteBuffer number =
        ByteBuffer.wrap(bytes)
            .order(type.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    return switch (type.dtype()) {
      case BOOL -> String.valueOf(number.get() != 0);
      case INT8 -> String.valueOf(number.get());
      case UINT8 -> String.valueOf(number.get() & 0xff);
      case INT16 -> String.valueOf(number.getShort());
      case UINT16 -> String.valueOf(number.getShort() & 0xffff);
      case INT32 -> String.valueOf(number.getInt());
      case UINT32 -> Integer.toUnsignedString(number.getInt());
      case INT64 -> String.valueOf(number.getLong());
      case UINT64 -> Long.toUnsignedString(number.getLong());
      case FLOAT32 -> String.valueOf(number.getFloat());
      case FLOAT64 -> String.valueOf(number.getDouble());
      default -> "";
    };
  }
}
