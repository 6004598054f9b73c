package dev.graft.weights.io;

import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs pieces of work on the caller's thread and on helper threads, a few for the whole process.
 * The caller never waits for a helper to begin, only for pieces that are at work: what it holds
 * locked can block nobody, as long as the pieces themselves take no locks and wait for nothing.
 */
public final class ParallelRun {
  private static final int HELPERS = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
  private static final long IDLE_SECONDS = 5;

  private static final ThreadPoolExecutor POOL =
      new ThreadPoolExecutor(
          0,
          HELPERS,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          ParallelRun::helper,
          // All helpers are busy: the caller does the work itself.
          new ThreadPoolExecutor.DiscardPolicy());

  private ParallelRun() {}

  /**
   * Runs every piece once, in any order and at the same time, and returns when all have ended. What
   * one of them throws is thrown here; the others are run nevertheless.
   */
  public static void all(List<Runnable> pieces) {
    AtomicInteger next = new AtomicInteger();
    Semaphore ended = new Semaphore(0);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Runnable work =
        () -> {
          for (int i = next.getAndIncrement(); i < pieces.size(); i = next.getAndIncrement()) {
            try {
              pieces.get(i).run();
            } catch (RuntimeException | Error e) {
              failure.compareAndSet(null, e);
            } finally {
              ended.release();
            }
          }
        };
    for (int i = 0; i < Math.min(HELPERS, pieces.size() - 1); i++) {
      POOL.execute(work);
    }
    work.run();
    ended.acquireUninterruptibly(pieces.size());
    Throwable thrown = failure.get();
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
  }

  private static Thread helper(Runnable work) {
    Thread thread = new Thread(work, "graft-weights-helper");
    thread.setDaemon(true);
    return thread;
  }
}
