package dev.graft.weights.torch;

import dev.graft.weights.DType;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A dtype such as {@code torch.float32}.
 *
 * @param dtype null where it is one that is not read
 */
record TorchDtype(String name, DType dtype) {
  /** PyTorch's names are numpy's. */
  private static final Map<String, DType> READ =
      Stream.of(DType.values()).collect(Collectors.toMap(DType::toString, Function.identity()));

  private static final Set<String> NOT_READ =
      Set.of("complex32", "qint8", "quint8", "qint32", "quint4x2", "quint2x4", "float4_e2m1fn_x2");

  /** The dtype of this name; empty where there is none. */
  static Optional<TorchDtype> named(String module, String name) {
    if (!module.equals("torch") || (!READ.containsKey(name) && !NOT_READ.contains(name))) {
      return Optional.empty();
    }
    return Optional.of(new TorchDtype("torch." + name, READ.get(name)));
  }

  @Override
  public String toString() {
    return name;
  }
}
