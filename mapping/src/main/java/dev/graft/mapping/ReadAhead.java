package dev.graft.mapping;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Makes the next part of a rearranged array ahead for those who read it in order, piece by piece:
 * neighbours in the result lie far apart in the source, so that a small piece of the result alone
 * touches a cache line for each element, and the next piece the same lines again. Safe for use by
 * several threads.
 */
final class ReadAhead {
  /** The most that is made ahead, in bytes; less in a small heap, which limits direct memory. */
  private static final long MAX_BYTES = Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 4);

  /** Shorter reads are not the pieces of someone who reads all. */
  private static final int MIN_PIECE_BYTES = 64 << 10;

  /** The last array's buffer, for the next array. */
  private static final AtomicReference<WeakReference<ByteBuffer>> SPARE =
      new AtomicReference<>(new WeakReference<>(null));

  private final long totalBytes;
  private final long windowBytes;
  private ByteBuffer window;

  /** The bytes of the result that the window has: [start, end). */
  private long start;

  private long end;

  /** Where the next piece begins, if the reader goes on. */
  private long next;

  /** Copies bytes of the result, straight from the source. */
  interface Source {
    /** Fills {@code dst}, which is little-endian, with the bytes from {@code offset} on. */
    void gather(long offset, ByteBuffer dst);
  }

  /**
   * @param blockBytes a window is made of whole blocks of this size: what belongs to one index of
   *     the outermost axis
   */
  ReadAhead(long totalBytes, long blockBytes) {
    this(totalBytes, blockBytes, MAX_BYTES);
  }

  ReadAhead(long totalBytes, long blockBytes, long maxBytes) {
    this.totalBytes = totalBytes;
    this.windowBytes = Math.min(totalBytes, maxBytes / blockBytes * blockBytes);
  }

  /** Fills {@code dst}, which is little-endian, with the bytes of the result from an offset on. */
  void read(long offset, ByteBuffer dst, Source source) {
    boolean piece = dst.remaining() >= MIN_PIECE_BYTES && dst.remaining() < windowBytes;
    if (!piece || !serve(offset, dst, source)) {
      source.gather(offset, dst);
    }
  }

  private synchronized boolean serve(long offset, ByteBuffer dst, Source source) {
    if (offset != next && (offset < start || offset + dst.remaining() > end)) {
      return false;
    }
    long at = offset;
    while (dst.hasRemaining()) {
      if (at < start || at >= end) {
        fill(at, source);
      }
      int count = (int) Math.min(dst.remaining(), end - at);
      dst.put(dst.position(), window, (int) (at - start), count);
      dst.position(dst.position() + count);
      at += count;
    }
    next = at;
    if (at == totalBytes) {
      release();
    }
    return true;
  }

  private void fill(long at, Source source) {
    if (window == null) {
      ByteBuffer spare = SPARE.getAndSet(new WeakReference<>(null)).get();
      window =
          spare != null && spare.capacity() >= windowBytes
              ? spare
              : ByteBuffer.allocateDirect((int) windowBytes).order(ByteOrder.LITTLE_ENDIAN);
    }
    start = at / windowBytes * windowBytes;
    // Nothing is there until the source has given it: it may fail.
    end = start;
    long count = Math.min(windowBytes, totalBytes - start);
    source.gather(start, window.clear().limit((int) count));
    end = start + count;
  }

  private void release() {
    SPARE.set(new WeakReference<>(window));
    window = null;
    start = 0;
    end = 0;
    next = 0;
  }
}
