package dev.graft.weights.hdf5;

import dev.graft.weights.DType;
import dev.graft.weights.Shape;

/** Writes datatypes and dataspaces, little-endian ones, as h5py has them for numpy's dtypes. */
final class TypeMessages {
  private static final int OPAQUE = 5;
  private static final int VERSION_1 = 0x10;
  private static final int VERSION_3 = 0x30;

  private TypeMessages() {}

  /** Whether h5py and Keras have a way to keep a dtype. */
  static boolean has(DType dtype) {
    return switch (dtype) {
      case FLOAT8_E5M2, FLOAT8_E4M3FN, FLOAT8_E8M0, FLOAT8_E5M2FNUZ, FLOAT8_E4M3FNUZ -> false;
      default -> true;
    };
  }

  /**
   * A datatype.
   *
   * @throws IllegalArgumentException where there is none for the dtype
   */
  static byte[] datatype(DType dtype) {
    return switch (dtype) {
      case BOOL -> bool();
      case INT8, INT16, INT32, INT64 -> integer(dtype.byteSize(), true);
      case UINT8, UINT16, UINT32, UINT64 -> integer(dtype.byteSize(), false);
      case FLOAT16 -> floating(2, 10, 5, 15);
      case FLOAT32 -> floating(4, 23, 8, 127);
      case FLOAT64 -> floating(8, 52, 11, 1023);
      case COMPLEX64 -> complex(datatype(DType.FLOAT32), 4);
      case COMPLEX128 -> complex(datatype(DType.FLOAT64), 8);
      case BFLOAT16 -> new FileBytes().u8(VERSION_1 | OPAQUE, 0, 0, 0).u32(2).toArray();
      default -> throw new IllegalArgumentException("HDF5 has no " + dtype);
    };
  }

  private static byte[] integer(int size, boolean signed) {
    return new FileBytes()
        .u8(VERSION_1, signed ? 8 : 0, 0, 0)
        .u32(size)
        .u16(0)
        .u16(8 * size)
        .toArray();
  }

  private static byte[] floating(int size, int mantissa, int exponent, int bias) {
    // 0x20: the mantissa's first 1 is implied; then the sign's bit.
    return new FileBytes()
        .u8(VERSION_1 | 1, 0x20, 8 * size - 1, 0)
        .u32(size)
        .u16(0)
        .u16(8 * size)
        .u8(mantissa, exponent, 0, mantissa)
        .u32(bias)
        .toArray();
  }

  private static byte[] bool() {
    return new FileBytes()
        .u8(VERSION_3 | 8, 2, 0, 0)
        .u32(1)
        .put(integer(1, true))
        .text("FALSE\0TRUE\0")
        .u8(0, 1)
        .toArray();
  }

  private static byte[] complex(byte[] part, int size) {
    return new FileBytes()
        .u8(VERSION_3 | 6, 2, 0, 0)
        .u32(2L * size)
        .text("r\0")
        .u8(0)
        .put(part)
        .text("i\0")
        .u8(size)
        .put(part)
        .toArray();
  }

  /** Text of a fixed size, filled up with zeros, as numpy's {@code S} dtype. */
  static byte[] string(int size) {
    return new FileBytes().u8(VERSION_1 | 3, 1, 0, 0).u32(size).toArray();
  }

  static byte[] dataspace(Shape shape) {
    FileBytes out = new FileBytes().u8(2, shape.rank(), 0, shape.rank() == 0 ? 0 : 1);
    for (int axis = 0; axis < shape.rank(); axis++) {
      out.u64(shape.dim(axis));
    }
    return out.toArray();
  }
}
