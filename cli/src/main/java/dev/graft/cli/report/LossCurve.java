package dev.graft.cli.report;

import dev.graft.cli.io.AtomicFiles;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws the losses of one or more runs over their steps as a PNG. */
public final class LossCurve {
  private static final int WIDTH = 1280; // pixels
  private static final int HEIGHT = 640;
  // Told apart by eyes that do not see red or green as well (Okabe and Ito's blue, vermilion, ...).
  private static final Color[] COLOURS = {
    new Color(0x0072B2), new Color(0xD55E00), new Color(0x009E73), new Color(0xCC79A7)
  };
  private static final Color INK = new Color(0x24292F);
  private static final Color GRID = new Color(0xE3E6EA);

  private LossCurve() {}

  /**
   * The data loss of one run.
   *
   * @param name as shown in the legend
   * @param steps [n] in rising order
   * @param losses [n]; a value that is not finite leaves a gap
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over to be drawn, never compared
  public record Run(String name, int[] steps, double[] losses) {
    /** Checks that there is one loss for each step, and at least one. */
    public Run {
      if (steps.length == 0 || steps.length != losses.length) {
        throw new IllegalArgumentException(
            name + ": " + steps.length + " steps with " + losses.length + " losses");
      }
    }
  }

  /**
   * Draws every run twice: faintly as it is, and on top of that as the mean of the steps around
   * each one, which the legend names. A run too short to be smoothed is drawn once.
   *
   * @throws IllegalArgumentException if there are no runs or more than four
   * @throws IOException that names {@code file}, also if the Java runtime finds no fonts to draw
   *     with
   */
  public static void write(Path file, String title, List<Run> runs) throws IOException {
    if (runs.isEmpty() || runs.size() > COLOURS.length) {
      throw new IllegalArgumentException(
          "expected 1 to " + COLOURS.length + " runs, found " + runs.size());
    }
    BufferedImage image = draw(file, title, runs);
    AtomicFiles.write(
        file,
        out -> {
          try (var png = new MemoryCacheImageOutputStream(out)) {
            ImageIO.write(image, "png", png);
          }
        });
  }

  private static BufferedImage draw(Path file, String title, List<Run> runs) throws IOException {
    if (System.getProperty("java.awt.headless") == null) {
      System.setProperty("java.awt.headless", "true");
    }
    try {
      return BitmapEncoder.getBufferedImage(chart(title, runs));
    } catch (NullPointerException | InternalError | UnsatisfiedLinkError | NoClassDefFoundError e) {
      // What Java's font code throws on a machine without fontconfig, freetype or any font.
      throw new IOException(
          "cannot draw "
              + file
              + ": this Java runtime finds no fonts (on Debian: apt-get install fontconfig"
              + " fonts-dejavu-core)",
          e);
    }
  }

  private static XYChart chart(String title, List<Run> runs) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("step")
            .yAxisTitle("data loss (mean cross-entropy a pixel)")
            .build();
    style(chart.getStyler());
    roundTicks(chart);
    for (int i = 0; i < runs.size(); i++) {
      Run run = runs.get(i);
      int window = window(run.losses().length);
      if (window > 1) {
        XYSeries raw = add(chart, run.name() + ", each step", run.steps(), run.losses());
        raw.setLineColor(faint(COLOURS[i])).setLineStyle(new BasicStroke(1.2f));
        raw.setShowInLegend(false);
      }
    }
    for (int i = 0; i < runs.size(); i++) {
      Run run = runs.get(i);
      int window = window(run.losses().length);
      String name = window > 1 ? run.name() + " (mean of " + window + " steps)" : run.name();
      XYSeries smooth = add(chart, name, run.steps(), smooth(run.losses(), window));
      smooth.setLineColor(COLOURS[i]).setLineStyle(new BasicStroke(3f));
    }
    return chart;
  }

  /**
   * XChart puts ticks on a series' own values (1, 13, 25, ...) if these are evenly spaced, and on
   * round numbers if not: so the first series is an uneven one that draws nothing.
   */
  private static void roundTicks(XYChart chart) {
    double[] nothing = {Double.NaN, Double.NaN, Double.NaN};
    chart.addSeries(" ", new double[] {0, 0.25, 1}, nothing).setShowInLegend(false);
  }

  private static XYSeries add(XYChart chart, String name, int[] steps, double[] losses) {
    double[] x = new double[steps.length];
    double[] y = losses.clone();
    for (int i = 0; i < x.length; i++) {
      x[i] = steps[i];
      y[i] = Double.isFinite(y[i]) ? y[i] : Double.NaN;
    }
    XYSeries series = chart.addSeries(name, x, y);
    series.setMarker(SeriesMarkers.NONE);
    return series;
  }

  private static void style(org.knowm.xchart.style.XYStyler styler) {
    styler.setChartBackgroundColor(Color.WHITE).setPlotBackgroundColor(Color.WHITE);
    styler.setChartFontColor(INK).setChartPadding(18);
    styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 22));
    styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 17));
    styler.setLegendPosition(Styler.LegendPosition.InsideNE);
    styler.setLegendBorderColor(GRID).setLegendPadding(12);
    styler.setPlotBorderVisible(false);
    styler.setPlotGridLinesColor(GRID);
    styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 17));
    styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
    styler.setAxisTickLabelsColor(INK);
    styler.setYAxisMin(0.0).setXAxisMin(0.0);
    styler.setXAxisTickMarkSpacingHint(110);
  }

  /** Steps averaged around each one: odd, about a twentieth of the run, 1 if the run is short. */
  static int window(int length) {
    return length < 20 ? 1 : Math.min(51, length / 20 / 2 * 2 + 3);
  }

  /** The mean of the {@code window} values around each one; of those there are, at the ends. */
  static double[] smooth(double[] values, int window) {
    double[] smooth = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double sum = 0;
      int count = 0;
      int end = Math.min(values.length, i + window / 2 + 1);
      for (int j = Math.max(0, i - window / 2); j < end; j++) {
        if (Double.isFinite(values[j])) {
          sum += values[j];
          count++;
        }
      }
      smooth[i] = count == 0 ? Double.NaN : sum / count;
    }
    return smooth;
  }

  private static Color faint(Color colour) {
    return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 120);
  }
}
