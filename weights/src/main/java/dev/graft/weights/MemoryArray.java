package dev.graft.weights;

import dev.graft.weights.io.BufferBytes;
import dev.graft.weights.io.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/** An array in memory: C order, little-endian. */
record MemoryArray(DType dtype, Shape shape, Bytes bytes) implements WeightArray {
  MemoryArray(DType dtype, Shape shape, ByteBuffer elements) {
    this(dtype, shape, new BufferBytes(elements));
    if (bytes.length() != byteSize()) {
      throw new IllegalArgumentException(
          dtype + " " + shape + " has " + byteSize() + " bytes, given " + bytes.length());
    }
  }

  @Override
  public void read(long offset, ByteBuffer dst) {
    WeightArrays.checkRange(this, offset, dst.remaining());
    bytes.read(offset, dst);
  }

  @Override
  public Optional<ByteBuffer> view() {
    return bytes.slice(0, bytes.length());
  }
}
