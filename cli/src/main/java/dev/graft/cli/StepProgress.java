package dev.graft.cli;

import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;

/**
 * Shows the steps of a training with both losses: a bar on a terminal, else a line for the first
 * and the last step and one every ten seconds.
 */
final class StepProgress {
  private static final long LINE_NANOS = 10_000_000_000L;

  private final Screen screen;
  private final long total;
  private ProgressBar bar;
  private long lineAt;
  private long lineStep;
  private boolean first = true;

  StepProgress(Screen screen, long total) {
    this.screen = screen;
    this.total = total;
  }

  /** The steps before this one were done earlier. */
  void start(long step) {
    lineAt = System.nanoTime();
    lineStep = step;
  }

  void done(long step, float dataLoss, float regularizationLoss) {
    if (screen.errIsTerminal()) {
      if (bar == null) {
        bar = Bars.steps(screen, step - 1, total);
      }
      bar.setExtraMessage(
          String.format(Locale.ROOT, " data %.4f  reg. %.4f", dataLoss, regularizationLoss));
      bar.stepTo(step);
    } else {
      long now = System.nanoTime();
      if (first || step == total || now - lineAt >= LINE_NANOS) {
        double rate = (step - lineStep) * 1e9 / Math.max(1, now - lineAt);
        screen
            .err()
            .println(
                String.format(
                    Locale.ROOT,
                    "step %d/%d  data loss %.4f  regularization loss %.4f  %.2f steps/s",
                    step,
                    total,
                    dataLoss,
                    regularizationLoss,
                    rate));
        first = false;
        lineAt = now;
        lineStep = step;
      }
    }
  }

  /** Leaves the bar as it stands, so that other text can follow. */
  void pause() {
    if (bar != null) {
      bar.close();
      bar = null;
      screen.err().println();
    }
  }
}
