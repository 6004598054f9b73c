package dev.graft.weights.torch;

import java.util.Objects;

/**
 * A run of elements that tensors lie in, whose bytes stand elsewhere in the file.
 *
 * @param key the key of the storage in the file
 * @param type its class, with a dtype
 * @param fileCount how many elements the storage in the file has
 * @param first the first of them that belongs to this one, which is all of it or a view of it
 * @param count how many belong to this one
 */
record TorchStorage(String key, StorageType type, long fileCount, long first, long count) {
  TorchStorage {
    Objects.checkFromIndexSize(first, count, fileCount);
    Objects.requireNonNull(type.dtype());
  }

  /** Bytes of the storage in the file. */
  long fileBytes() {
    return Math.multiplyExact(fileCount, (long) type.dtype().byteSize());
  }

  /** The offset of its first byte in the storage in the file. */
  long firstByte() {
    return first * type.dtype().byteSize();
  }
}
