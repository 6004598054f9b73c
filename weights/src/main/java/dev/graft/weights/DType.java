package dev.graft.weights;

/** Element types of weight arrays, with numpy's names and sizes in bytes. */
public enum DType {
  BOOL("bool", 1),
  INT8("int8", 1),
  UINT8("uint8", 1),
  INT16("int16", 2),
  UINT16("uint16", 2),
  INT32("int32", 4),
  UINT32("uint32", 4),
  INT64("int64", 8),
  UINT64("uint64", 8),
  FLOAT16("float16", 2),
  BFLOAT16("bfloat16", 2),
  FLOAT32("float32", 4),
  FLOAT64("float64", 8),
  COMPLEX64("complex64", 8),
  COMPLEX128("complex128", 16);

  private final String label;
  private final int byteSize;

  DType(String label, int byteSize) {
    this.label = label;
    this.byteSize = byteSize;
  }

  /** Bytes of one element. */
  public int byteSize() {
    return byteSize;
  }

  /** Bytes of the parts that a byte order applies to: half of a complex number, else all of it. */
  public int componentSize() {
    return this == COMPLEX64 || this == COMPLEX128 ? byteSize / 2 : byteSize;
  }

  /** The name that numpy gives it. */
  @Override
  public String toString() {
    return label;
  }
}
