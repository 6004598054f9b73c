package dev.graft.weights.torch;

import java.util.Optional;

/** The functions and classes besides numpy's that a pickle may call. None is ever loaded. */
enum TorchFunction {
  TENSOR_V1("torch._utils._rebuild_tensor"),
  TENSOR_V2("torch._utils._rebuild_tensor_v2"),
  /** For dtypes that have no storage class of their own. */
  TENSOR_V3("torch._utils._rebuild_tensor_v3"),
  PARAMETER("torch._utils._rebuild_parameter"),
  PARAMETER_WITH_STATE("torch._utils._rebuild_parameter_with_state"),
  /** A tensor with attributes that someone set. */
  FROM_TYPE("torch._tensor._rebuild_from_type_v2"),
  /** As PyTorch 0.1 to 0.3 wrote parameters. */
  PARAMETER_CLASS("torch.nn.parameter.Parameter"),
  TENSOR_CLASS("torch.Tensor"),
  SIZE("torch.Size"),
  DEVICE("torch.device"),
  DEFAULT_DICT("collections.defaultdict"),
  COUNTER("collections.Counter"),
  /** TorchScript's lists and the types of its lists and dictionaries. */
  INTS("torch.jit._pickle.build_intlist"),
  DOUBLES("torch.jit._pickle.build_doublelist"),
  BOOLS("torch.jit._pickle.build_boollist"),
  TENSORS("torch.jit._pickle.build_tensorlist"),
  TYPE_TAG("torch.jit._pickle.restore_type_tag");

  private final String name;

  TorchFunction(String name) {
    this.name = name;
  }

  /** The one of this name; empty where it is not allowed. */
  static Optional<TorchFunction> named(String full) {
    for (TorchFunction function : values()) {
      if (full.equals(function.name)) {
        return Optional.of(function);
      }
    }
    return Optional.empty();
  }

  /** What a tensor is that another of PyTorch's functions rebuilds; empty where it is unknown. */
  static Optional<String> notRead(String full) {
    return Optional.ofNullable(
        switch (full) {
          case "torch._utils._rebuild_qtensor" -> "a quantized tensor";
          case "torch._utils._rebuild_sparse_tensor", "torch._utils._rebuild_sparse_csr_tensor" ->
              "a sparse tensor";
          case "torch._utils._rebuild_nested_tensor" -> "a nested tensor";
          case "torch._utils._rebuild_meta_tensor_no_storage" -> "a tensor without data (meta)";
          case "torch._utils._rebuild_wrapper_subclass", "torch._tensor._rebuild_from_type" ->
              "a tensor of a class of its own";
          case "torch._utils._rebuild_device_tensor_from_numpy",
              "torch._utils._rebuild_device_tensor_from_cpu_tensor",
              "torch._utils._rebuild_xla_tensor" ->
              "a tensor of a device of its own";
          default -> null;
        });
  }

  @Override
  public String toString() {
    return name;
  }
}
