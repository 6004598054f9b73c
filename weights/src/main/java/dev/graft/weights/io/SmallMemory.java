package dev.graft.weights.io;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory outside the heap for small decoded arrays, as long as they are few: the JVM limits direct
 * memory, and no file may use it up. What does not fit goes to a temporary file.
 */
public final class SmallMemory {
  private static final int MAX_BYTES = 1 << 20;

  /** Of all stores together. */
  private static final long MAX_TOTAL_BYTES =
      Math.min(1 << 26, Runtime.getRuntime().maxMemory() / 4);

  private static final AtomicLong TOTAL_BYTES = new AtomicLong();
  private static final Cleaner CLEANER = Cleaner.create();

  private SmallMemory() {}

  /**
   * A direct buffer, given back when neither it nor a view of it is used any more; empty where so
   * much is too much.
   */
  public static Optional<ByteBuffer> allocate(long bytes) {
    if (bytes > MAX_BYTES) {
      return Optional.empty();
    }
    if (TOTAL_BYTES.addAndGet(bytes) > MAX_TOTAL_BYTES) {
      TOTAL_BYTES.addAndGet(-bytes);
      return Optional.empty();
    }
    ByteBuffer memory = ByteBuffer.allocateDirect((int) bytes);
    // The views of it that are handed out keep it alive.
    CLEANER.register(memory, () -> TOTAL_BYTES.addAndGet(-bytes));
    return Optional.of(memory);
  }
}
