package dev.graft.weights.io;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Bytes that are decoded as a whole on the first use, once, whichever thread comes first. Safe for
 * use by several threads.
 */
public abstract class LazyBytes implements Bytes {
  private final MappedFile owner;
  private final long length;
  private volatile Bytes decoded;

  /**
   * Bytes to be decoded.
   *
   * @param owner the file that they come from: they cannot be read once it is closed
   * @param length how many they will be
   */
  protected LazyBytes(MappedFile owner, long length) {
    this.owner = owner;
    this.length = length;
  }

  /** All bytes, decoded; called once. */
  protected abstract Bytes decode();

  @Override
  public final long length() {
    return length;
  }

  @Override
  public final void read(long offset, ByteBuffer dst) {
    decoded().read(offset, dst);
  }

  @Override
  public final Optional<ByteBuffer> slice(long offset, long count) {
    return decoded().slice(offset, count);
  }

  private Bytes decoded() {
    owner.ensureOpen();
    Bytes ready = decoded;
    if (ready == null) {
      synchronized (this) {
        ready = decoded;
        if (ready == null) {
          ready = decode();
          decoded = ready;
        }
      }
    }
    return ready;
  }
}
