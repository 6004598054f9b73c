package dev.graft.weights.torch;

import dev.graft.weights.DType;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A storage class, which is only named, never loaded.
 *
 * @param dtype of its elements; null where it has none or one that is not read
 * @param untyped whether it is of bytes that a tensor may take for anything
 */
record StorageType(String name, DType dtype, boolean untyped) {
  private static final Map<String, DType> DTYPES =
      Map.ofEntries(
          Map.entry("Float", DType.FLOAT32),
          Map.entry("Double", DType.FLOAT64),
          Map.entry("Half", DType.FLOAT16),
          Map.entry("BFloat16", DType.BFLOAT16),
          Map.entry("Byte", DType.UINT8),
          Map.entry("Char", DType.INT8),
          Map.entry("Short", DType.INT16),
          Map.entry("Int", DType.INT32),
          Map.entry("Long", DType.INT64),
          Map.entry("Bool", DType.BOOL),
          Map.entry("ComplexFloat", DType.COMPLEX64),
          Map.entry("ComplexDouble", DType.COMPLEX128));

  private static final Set<String> MODULES = Set.of("torch", "torch.cuda");
  private static final Set<String> UNTYPED =
      Set.of(
          "torch.UntypedStorage",
          "torch._UntypedStorage",
          "torch.storage.UntypedStorage",
          "torch.storage._UntypedStorage");
  private static final Set<String> WITHOUT_DTYPE =
      Set.of(
          "torch.TypedStorage",
          "torch._TypedStorage",
          "torch.storage.TypedStorage",
          "torch.storage._TypedStorage",
          "torch.QInt8Storage",
          "torch.QUInt8Storage",
          "torch.QInt32Storage",
          "torch.QUInt4x2Storage",
          "torch.QUInt2x4Storage");

  /** The class of this name; empty where it is no storage. */
  static Optional<StorageType> named(String module, String name) {
    String full = module + "." + name;
    if (UNTYPED.contains(full)) {
      return Optional.of(new StorageType(full, DType.UINT8, true));
    }
    if (WITHOUT_DTYPE.contains(full)) {
      return Optional.of(new StorageType(full, null, false));
    }
    return elements(module, name, "Storage").map(dtype -> new StorageType(full, dtype, false));
  }

  /** Whether it is the name of a tensor class, such as {@code torch.FloatTensor}. */
  static boolean isTensorClass(String module, String name) {
    return elements(module, name, "Tensor").isPresent();
  }

  /** The name of the storage class of a dtype; empty where there is none. */
  static Optional<String> of(DType dtype) {
    return DTYPES.entrySet().stream()
        .filter(entry -> entry.getValue() == dtype)
        .map(entry -> entry.getKey() + "Storage")
        .findFirst();
  }

  private static Optional<DType> elements(String module, String name, String suffix) {
    return MODULES.contains(module) && name.endsWith(suffix)
        ? Optional.ofNullable(DTYPES.get(name.substring(0, name.length() - suffix.length())))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return name;
  }
}
