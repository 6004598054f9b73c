package dev.graft.cli;

import me.tongfei.progressbar.ProgressBar;

/**
 * Shows how far one piece of work after another has come, if it takes longer than two seconds: a
 * bar on a terminal, which goes away at the end, else a line now and then. Safe for use by several
 * threads.
 */
final class WorkProgress implements AutoCloseable {
  private static final long PATIENCE_NANOS = 2_000_000_000L;
  private static final long LINE_NANOS = 10_000_000_000L;
  private static final long MIB = 1 << 20;

  private final Screen screen;
  private String work = "";
  private long startedAt = System.nanoTime();
  private long lineAt;
  private ProgressBar bar;

  WorkProgress(Screen screen) {
    this.screen = screen;
  }

  /** So many things of all are done; work of another name begins anew. */
  synchronized void items(String name, long done, long total) {
    show(name, done, total, 1);
  }

  /** So many bytes of all are done. */
  synchronized void bytes(String name, long done, long total) {
    show(name, done, total, MIB);
  }

  private void show(String name, long done, long total, long unit) {
    long now = System.nanoTime();
    if (!name.equals(work)) {
      close();
      work = name;
      startedAt = now;
      lineAt = now - LINE_NANOS;
    }
    if (done >= total) {
      close();
    } else if (now - startedAt > PATIENCE_NANOS) {
      if (screen.errIsTerminal()) {
        if (bar == null) {
          bar = Bars.create(screen, name, total, unit);
        }
        bar.stepTo(done);
      } else if (now - lineAt >= LINE_NANOS) {
        lineAt = now;
        String unitName = unit == 1 ? "" : " MiB";
        screen.err().printf("%s: %d of %d%s%n", name, done / unit, total / unit, unitName);
      }
    }
  }

  @Override
  public synchronized void close() {
    work = "";
    if (bar != null) {
      bar.close();
      bar = null;
      Bars.wipe(screen);
    }
  }
}
