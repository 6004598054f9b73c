package dev.graft.weights.torch;

import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.io.StoredArray;

/** A tensor, all of whose elements lie in its storage. Immutable. */
final class TorchTensor {
  private final TorchStorage storage;
  private final DType dtype;
  private final long offset;
  private final Shape shape;
  private final long[] strides;

  /**
   * A tensor.
   *
   * @param offset of its first element in the storage, in elements
   * @param strides how many elements lie between neighbours along each dimension
   */
  TorchTensor(TorchStorage storage, DType dtype, long offset, Shape shape, long[] strides) {
    this.storage = storage;
    this.dtype = dtype;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }

  /** All of a storage. */
  static TorchTensor of(TorchStorage storage) {
    return new TorchTensor(
        storage, storage.type().dtype(), 0, Shape.of(storage.count()), new long[] {1});
  }

  TorchStorage storage() {
    return storage;
  }

  /** The array, in the storage in the file that lies at {@code run}. */
  WeightArray array(StorageRun run) {
    long start = run.start() + storage.firstByte() + offset * dtype.byteSize();
    return new StoredArray(run.bytes(), start, dtype, shape, run.bigEndian(), strides);
  }
}
