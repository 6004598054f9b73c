package dev.graft.weights.npy;

import dev.graft.weights.DType;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * A numeric dtype as numpy files spell it, such as {@code <f4}: a byte order ({@code <} little,
 * {@code >} big, {@code =} the writer's own, taken as little, {@code |} where it does not matter),
 * a kind and a size in bytes.
 */
public record NumpyType(DType dtype, boolean bigEndian) {
  private static final Map<DType, String> CODES = new EnumMap<>(DType.class);

  static {
    CODES.put(DType.BOOL, "b1");
    CODES.put(DType.INT8, "i1");
    CODES.put(DType.UINT8, "u1");
    CODES.put(DType.INT16, "i2");
    CODES.put(DType.UINT16, "u2");
    CODES.put(DType.INT32, "i4");
    CODES.put(DType.UINT32, "u4");
    CODES.put(DType.INT64, "i8");
    CODES.put(DType.UINT64, "u8");
    CODES.put(DType.FLOAT16, "f2");
    CODES.put(DType.FLOAT32, "f4");
    CODES.put(DType.FLOAT64, "f8");
    CODES.put(DType.COMPLEX64, "c8");
    CODES.put(DType.COMPLEX128, "c16");
  }

  /**
   * The type that a byte order and a code such as {@code f4} mean; empty where it is not numeric.
   */
  public static Optional<NumpyType> of(char order, String code) {
    if ("<>=|".indexOf(order) < 0) {
      return Optional.empty();
    }
    for (Map.Entry<DType, String> entry : CODES.entrySet()) {
      if (entry.getValue().equals(code)) {
        DType dtype = entry.getKey();
        if (order == '|' && dtype.componentSize() > 1) {
          return Optional.empty();
        }
        return Optional.of(new NumpyType(dtype, order == '>'));
      }
    }
    return Optional.empty();
  }

  /** The type that a header's {@code descr} means; empty where it is not numeric. */
  static Optional<NumpyType> ofDescr(String descr) {
    return descr.isEmpty() ? Optional.empty() : of(descr.charAt(0), descr.substring(1));
  }

  /** The code of a dtype, such as {@code f4}; empty where numpy has none. */
  public static Optional<String> code(DType dtype) {
    return Optional.ofNullable(CODES.get(dtype));
  }

  /** The little-endian {@code descr} of a dtype; empty where numpy has none. */
  static Optional<String> descr(DType dtype) {
    return code(dtype).map(code -> (dtype.componentSize() == 1 ? "|" : "<") + code);
  }
}
