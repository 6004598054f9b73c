package dev.graft.cli;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress bars on the standard error of a terminal. */
final class Bars {
  private static final int INTERVAL_MILLIS = 200;

  private Bars() {}

  /** A bar for work that is measured in units, such as 2^20 for MiB. */
  static ProgressBar create(Screen screen, String name, long total, long unit) {
    ProgressBarBuilder builder = builder(screen, name, total);
    return unit == 1 ? builder.build() : builder.setUnit(" MiB", unit).build();
  }

  /** A bar for steps of a training, some of which were done before. */
  static ProgressBar steps(Screen screen, long done, long total) {
    DecimalFormat format = new DecimalFormat("0.00", DecimalFormatSymbols.getInstance(Locale.ROOT));
    return builder(screen, "step", total)
        .startsFrom(done, Duration.ZERO)
        .showSpeed(format)
        .setUnit("", 1)
        .build();
  }

  private static ProgressBarBuilder builder(Screen screen, String name, long total) {
    return new ProgressBarBuilder()
        .setTaskName(name)
        .setInitialMax(total)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(INTERVAL_MILLIS)
        .setConsumer(
            new DelegatingProgressBarConsumer(line -> draw(screen, line), screen.columns() - 1));
  }

  private static void draw(Screen screen, String line) {
    screen.err().print("\r" + line);
    screen.err().flush();
  }

  /** Makes the bar's line empty, for other text. */
  static void wipe(Screen screen) {
    draw(screen, " ".repeat(screen.columns() - 1) + "\r");
  }
}
