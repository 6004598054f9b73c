package dev.graft.graph;

import dev.graft.capi.DataType;
import dev.graft.capi.Tensor;
import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A tensor seen as a weight array, as long as the tensor is open. It has no view: one has to stay
 * readable when the store is closed, and the tensor's memory is gone then.
 */
final class TensorArray implements WeightArray {
  private static final int MAX_CHUNK_BYTES = 1 << 30;

  private final Tensor tensor;
  private final DType dtype;
  private final Shape shape;

  TensorArray(Tensor tensor) {
    this.tensor = tensor;
    this.dtype = dtype(tensor.dataType());
    this.shape = Shape.of(tensor.shape());
  }

  /** Tensors as a store, which owns them. */
  static WeightStore store(Map<String, Tensor> tensors, String source) {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> arrays.put(name, new TensorArray(tensor)));
    return WeightStores.of(arrays, source, () -> tensors.values().forEach(Tensor::close));
  }

  static DType dtype(DataType type) {
    return switch (type) {
      case FLOAT -> DType.FLOAT32;
      case DOUBLE -> DType.FLOAT64;
      case HALF -> DType.FLOAT16;
      case BFLOAT16 -> DType.BFLOAT16;
      case INT8 -> DType.INT8;
      case INT16 -> DType.INT16;
      case INT32 -> DType.INT32;
      case INT64 -> DType.INT64;
      case UINT8 -> DType.UINT8;
      case UINT16 -> DType.UINT16;
      case UINT32 -> DType.UINT32;
      case UINT64 -> DType.UINT64;
      case BOOL -> DType.BOOL;
      case COMPLEX64 -> DType.COMPLEX64;
      case COMPLEX128 -> DType.COMPLEX128;
      case STRING, RESOURCE, VARIANT ->
          throw new IllegalArgumentException("weights are numbers, not " + type);
    };
  }

  @Override
  public DType dtype() {
    return dtype;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public void read(long offset, ByteBuffer dst) {
    while (dst.hasRemaining()) {
      ByteBuffer part = tensor.bytes(offset, Math.min(MAX_CHUNK_BYTES, dst.remaining()));
      offset += part.remaining();
      dst.put(part);
    }
  }
}
