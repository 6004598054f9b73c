package dev.graft.weights.safetensors;

import dev.graft.weights.DType;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The dtypes as safetensors spells them. */
final class SafetensorsType {
  /** Elements of less than a byte, which lie packed. */
  private static final Set<String> PACKED = Set.of("F4", "F6_E2M3", "F6_E3M2");

  private static final Map<DType, String> CODES = new EnumMap<>(DType.class);

  static {
    CODES.put(DType.BOOL, "BOOL");
    CODES.put(DType.UINT8, "U8");
    CODES.put(DType.INT8, "I8");
    CODES.put(DType.FLOAT8_E5M2, "F8_E5M2");
    CODES.put(DType.FLOAT8_E4M3FN, "F8_E4M3");
    CODES.put(DType.FLOAT8_E8M0, "F8_E8M0");
    CODES.put(DType.FLOAT8_E5M2FNUZ, "F8_E5M2FNUZ");
    CODES.put(DType.FLOAT8_E4M3FNUZ, "F8_E4M3FNUZ");
    CODES.put(DType.INT16, "I16");
    CODES.put(DType.UINT16, "U16");
    CODES.put(DType.FLOAT16, "F16");
    CODES.put(DType.BFLOAT16, "BF16");
    CODES.put(DType.INT32, "I32");
    CODES.put(DType.UINT32, "U32");
    CODES.put(DType.FLOAT32, "F32");
    CODES.put(DType.COMPLEX64, "C64");
    CODES.put(DType.FLOAT64, "F64");
    CODES.put(DType.INT64, "I64");
    CODES.put(DType.UINT64, "U64");
  }

  private SafetensorsType() {}

  /** The dtype of this code; empty where there is none, or it is packed. */
  static Optional<DType> of(String code) {
    return CODES.entrySet().stream()
        .filter(entry -> entry.getValue().equals(code))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** The code of a dtype; empty where safetensors has none. */
  static Optional<String> code(DType dtype) {
    return Optional.ofNullable(CODES.get(dtype));
  }

  static boolean isPacked(String code) {
    return PACKED.contains(code);
  }

  static String all() {
    return String.join(" ", CODES.values());
  }
}
