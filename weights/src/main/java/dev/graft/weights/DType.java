package dev.graft.weights;

/**
 * Element types of weight arrays, with their sizes in bytes and numpy's names, or, for the brain
 * and 8-bit floats that numpy lacks, the names that ml_dtypes and PyTorch give them.
 */
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
  /** 5 exponent bits, 2 of mantissa; with infinities. */
  FLOAT8_E5M2("float8_e5m2", 1),
  /** 4 exponent bits, 3 of mantissa; no infinities, NaN only where all other bits are ones. */
  FLOAT8_E4M3FN("float8_e4m3fn", 1),
  /** A power of two without a sign, as a scale of blocks; NaN is 0xff. */
  FLOAT8_E8M0("float8_e8m0fnu", 1),
  /** As e5m2, the exponent's bias one more; no infinities, no -0, NaN is 0x80. */
  FLOAT8_E5M2FNUZ("float8_e5m2fnuz", 1),
  /** As e4m3, the exponent's bias one more; no infinities, no -0, NaN is 0x80. */
  FLOAT8_E4M3FNUZ("float8_e4m3fnuz", 1),
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

  /** The name that numpy, or ml_dtypes, gives it. */
  @Override
  public String toString() {
    return label;
  }
}
