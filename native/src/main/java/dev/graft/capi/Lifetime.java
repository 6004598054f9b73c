package dev.graft.capi;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the users of a native object: once it is closed nobody can begin to use it, and it is
 * freed by whoever is done with it last. Allocates nothing.
 */
final class Lifetime {
  private static final int OPEN = 0;
  private static final int CLOSED = 1;
  private static final int USER = 2;

  private final String refusal;
  private final Runnable free;

  /** The number of users times two; odd once closed. */
  private final AtomicInteger state;

  /**
   * @param refusal the message for those who come too late
   * @param free frees the native object; called once for each time that it was opened
   */
  Lifetime(String refusal, Runnable free) {
    this(refusal, free, true);
  }

  private Lifetime(String refusal, Runnable free, boolean open) {
    this.refusal = refusal;
    this.free = free;
    this.state = new AtomicInteger(open ? OPEN : CLOSED);
  }

  /** One that is closed until {@link #open()}. */
  static Lifetime closed(String refusal, Runnable free) {
    return new Lifetime(refusal, free, false);
  }

  /** Begins a use; each is ended by {@link #end()}. */
  void begin() {
    while (true) {
      int now = state.get();
      if ((now & CLOSED) != 0) {
        throw new IllegalStateException(refusal);
      }
      if (state.compareAndSet(now, now + USER)) {
        return;
      }
    }
  }

  void end() {
    if (state.addAndGet(-USER) == CLOSED) {
      free.run();
    }
  }

  /** Throws if closed. */
  void check() {
    if ((state.get() & CLOSED) != 0) {
      throw new IllegalStateException(refusal);
    }
  }

  /** Closes; the object is freed now or by its last user. */
  void close() {
    while (true) {
      int now = state.get();
      if ((now & CLOSED) != 0) {
        return;
      }
      if (state.compareAndSet(now, now | CLOSED)) {
        if (now == OPEN) {
          free.run();
        }
        return;
      }
    }
  }

  /** Closes and frees at once; false, with nothing changed, while somebody uses it. */
  boolean closeIfUnused() {
    if (state.compareAndSet(OPEN, CLOSED)) {
      free.run();
      return true;
    }
    return state.get() == CLOSED;
  }

  /** Opens again, for a new native object; only after {@link #closeIfUnused()}. */
  void open() {
    state.set(OPEN);
  }
}
