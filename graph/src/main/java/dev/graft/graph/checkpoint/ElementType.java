package dev.graft.graph.checkpoint;

import dev.graft.weights.DType;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** TensorFlow's element types, with their codes in its files. */
enum ElementType {
  FLOAT(1, DType.FLOAT32),
  DOUBLE(2, DType.FLOAT64),
  INT32(3, DType.INT32),
  UINT8(4, DType.UINT8),
  INT16(5, DType.INT16),
  INT8(6, DType.INT8),
  STRING(7, 0),
  COMPLEX64(8, DType.COMPLEX64),
  INT64(9, DType.INT64),
  BOOL(10, DType.BOOL),
  QINT8(11, 1),
  QUINT8(12, 1),
  QINT32(13, 4),
  BFLOAT16(14, DType.BFLOAT16),
  QINT16(15, 2),
  QUINT16(16, 2),
  UINT16(17, DType.UINT16),
  COMPLEX128(18, DType.COMPLEX128),
  HALF(19, DType.FLOAT16),
  RESOURCE(20, 0),
  VARIANT(21, 0),
  UINT32(22, DType.UINT32),
  UINT64(23, DType.UINT64),
  FLOAT8_E5M2(24, DType.FLOAT8_E5M2),
  FLOAT8_E4M3FN(25, DType.FLOAT8_E4M3FN),
  INT4(29, 1),
  UINT4(30, 1);

  private static final ElementType[] TYPES = values();

  private final int code;
  private final DType dtype;
  private final int byteSize;

  ElementType(int code, DType dtype) {
    this.code = code;
    this.dtype = dtype;
    this.byteSize = dtype.byteSize();
  }

  ElementType(int code, int byteSize) {
    this.code = code;
    this.dtype = null;
    this.byteSize = byteSize;
  }

  static Optional<ElementType> of(long code) {
    return Arrays.stream(TYPES).filter(type -> type.code == code).findFirst();
  }

  /** The type of a dtype's elements; empty for the 8-bit floats that TensorFlow does not have. */
  static Optional<ElementType> of(DType dtype) {
    return Arrays.stream(TYPES).filter(type -> type.dtype == dtype).findFirst();
  }

  int code() {
    return code;
  }

  /** The dtype of arrays of this type; empty for what is not an array of numbers here. */
  Optional<DType> dtype() {
    return Optional.ofNullable(dtype);
  }

  /** Bytes of one element; 0 where they differ in length. */
  int byteSize() {
    return byteSize;
  }

  /** TensorFlow's name for it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
