package dev.graft.capi;

/** The element types of TensorFlow, with the codes of {@code TF_DataType} and sizes in bytes. */
public enum DataType {
  FLOAT(1, 4),
  DOUBLE(2, 8),
  INT32(3, 4),
  UINT8(4, 1),
  INT16(5, 2),
  INT8(6, 1),
  STRING(7, 0),
  COMPLEX64(8, 8),
  INT64(9, 8),
  BOOL(10, 1),
  BFLOAT16(14, 2),
  UINT16(17, 2),
  COMPLEX128(18, 16),
  HALF(19, 2),
  RESOURCE(20, 0),
  VARIANT(21, 0),
  UINT32(22, 4),
  UINT64(23, 8);

  private static final DataType[] BY_CODE = new DataType[64];

  static {
    for (DataType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private final int code;
  private final int byteSize;

  DataType(int code, int byteSize) {
    this.code = code;
    this.byteSize = byteSize;
  }

  /** The value of {@code TF_DataType}. */
  public int code() {
    return code;
  }

  /** Bytes of one element; 0 for strings, resources and variants, whose elements have no size. */
  public int byteSize() {
    return byteSize;
  }

  /**
   * The type with this code of {@code TF_DataType}.
   *
   * @throws IllegalArgumentException for a code that Graft has no use for
   */
  public static DataType of(int code) {
    DataType type = code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    if (type == null) {
      throw new IllegalArgumentException("no data type has the code " + code);
    }
    return type;
  }
}
