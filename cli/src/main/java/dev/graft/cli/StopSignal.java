package dev.graft.cli;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Takes the process's interrupt and termination signals while it is open: the first one asks for a
 * stop, the second one ends the process at once.
 */
final class StopSignal implements BooleanSupplier, AutoCloseable {
  private final Screen screen;
  private final AtomicInteger count = new AtomicInteger();
  private final List<Runnable> restore;

  private StopSignal(Screen screen) {
    this.screen = screen;
    this.restore =
        List.of(Signals.handle("INT", this::received), Signals.handle("TERM", this::received));
  }

  static StopSignal install(Screen screen) {
    return new StopSignal(screen);
  }

  private void received() {
    if (count.incrementAndGet() > 1) {
      Runtime.getRuntime().halt(Main.INTERRUPTED);
    }
    screen.err().println("\nstopping after this step… (once more ends it at once)");
  }

  /** Whether a stop was asked for. */
  @Override
  public boolean getAsBoolean() {
    return count.get() > 0;
  }

  @Override
  public void close() {
    restore.forEach(Runnable::run);
  }
}
