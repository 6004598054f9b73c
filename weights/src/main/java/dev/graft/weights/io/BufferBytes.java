package dev.graft.weights.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.Optional;

/** The bytes of a buffer from 0 to its limit. */
public final class BufferBytes implements Bytes {
  private final ByteBuffer buffer;

  /** Keeps the buffer, which nobody may write to any more. */
  public BufferBytes(ByteBuffer buffer) {
    this.buffer = buffer.asReadOnlyBuffer();
  }

  @Override
  public long length() {
    return buffer.limit();
  }

  @Override
  public void read(long offset, ByteBuffer dst) {
    Objects.checkFromIndexSize(offset, dst.remaining(), length());
    int start = (int) offset;
    dst.put(buffer.duplicate().limit(start + dst.remaining()).position(start));
  }

  @Override
  public Optional<ByteBuffer> slice(long offset, long count) {
    Objects.checkFromIndexSize(offset, count, length());
    if (!buffer.isDirect()) {
      return Optional.empty();
    }
    return Optional.of(buffer.slice((int) offset, (int) count).order(ByteOrder.LITTLE_ENDIAN));
  }
}
