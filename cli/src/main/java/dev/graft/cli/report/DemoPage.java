package dev.graft.cli.report;

import dev.graft.cli.image.ClassPalette;
import dev.graft.cli.io.AtomicFiles;
import dev.graft.cli.report.DemoReport.Example;
import dev.graft.cli.report.DemoReport.Figure;
import dev.graft.cli.report.DemoReport.Run;
import dev.graft.cli.report.DemoReport.Step;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The demonstration's page: one HTML file without scripts that loads nothing but the pictures named
 * in the report.
 */
public final class DemoPage {
  private final DemoReport report;
  private final StringBuilder html = new StringBuilder();

  private DemoPage(DemoReport report) {
    this.report = report;
  }

  /**
   * Writes the page.
   *
   * @throws IllegalArgumentException if a picture's path is not relative
   * @throws IOException that names {@code file}; whatever was there before is still there
   */
  public static void write(Path file, DemoReport report) throws IOException {
    AtomicFiles.writeText(file, render(report));
  }

  /** The page's text. */
  static String render(DemoReport report) throws IOException {
    return new DemoPage(report).page();
  }

  private String page() throws IOException {
    add("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    add("<title>%s</title>\n<style>\n", report.title());
    html.append(stylesheet());
    add("</style>\n</head>\n<body>\n");
    header();
    add("<main>\n");
    steps();
    scores();
    lossCurve();
    examples();
    add("</main>\n<footer>%s</footer>\n</body>\n</html>\n", report.footer());
    return html.toString();
  }

  private void header() {
    add("<header>\n<h1>%s</h1>\n<p>%s</p>\n", report.title(), report.summary());
    add("<div class=\"headline\">\n");
    for (Run run : runs()) {
      add("<div class=\"card\"><span>%s</span>", run.name());
      add("<strong>%s</strong><span>mean IoU</span></div>\n", fraction(run.meanIou()));
    }
    add("</div>\n</header>\n");
  }

  private void steps() {
    add("<h2>What was done</h2>\n<ol class=\"steps\">\n");
    for (Step step : report.steps()) {
      add("<li class=\"card\"><h3>%s</h3><p>%s</p>", step.name(), step.text());
      if (!step.figures().isEmpty()) {
        add("<dl>");
        for (Figure figure : step.figures()) {
          add("<dt>%s</dt><dd>%s</dd>", figure.name(), figure.value());
        }
        add("</dl>");
      }
      add("</li>\n");
    }
    add("</ol>\n");
  }

  private void scores() {
    add("<h2>Intersection over union, validation part</h2>\n");
    add("<div class=\"card scroll\"><table>\n<thead><tr><th scope=\"col\">class</th>");
    for (Run run : runs()) {
      add("<th scope=\"col\">%s</th>", run.name());
    }
    add("<th scope=\"col\">difference</th></tr></thead>\n<tbody>\n");
    for (int id = 0; id < report.classes().size(); id++) {
      add("<tr><th scope=\"row\">");
      swatch(id);
      add("%s</th>", report.classes().get(id));
      scoreCells(report.transferred().iou().get(id), report.baseline().iou().get(id));
    }
    totals("mean", "mean IoU", report.transferred().meanIou(), report.baseline().meanIou());
    totals(
        "",
        "pixel accuracy",
        report.transferred().pixelAccuracy(),
        report.baseline().pixelAccuracy());
    totals(
        "",
        "mean class accuracy",
        report.transferred().meanAccuracy(),
        report.baseline().meanAccuracy());
    add("</tbody>\n</table></div>\n");
  }

  private void totals(String style, String name, double transferred, double baseline) {
    add("<tr class=\"%s\"><th scope=\"row\">%s</th>", style, name);
    scoreCells(transferred, baseline);
  }

  private void scoreCells(double transferred, double baseline) {
    scoreCell("bar", transferred);
    scoreCell("bar other", baseline);
    double difference = transferred - baseline;
    add(
        "<td>%s</td></tr>\n",
        Double.isFinite(difference) ? String.format(Locale.ROOT, "%+.3f", difference) : "–");
  }

  private void scoreCell(String style, double value) {
    double percent = Double.isFinite(value) ? 100 * Math.max(0, Math.min(1, value)) : 0;
    add(
        "<td><span class=\"%s\" aria-hidden=\"true\"><i style=\"width:%s%%\"></i></span>%s</td>",
        style, String.format(Locale.ROOT, "%.1f", percent), fraction(value));
  }

  private void lossCurve() {
    if (report.lossCurve().isPresent()) {
      add("<h2>Loss during training</h2>\n<figure class=\"card chart\">");
      add("<img src=\"");
      html.append(Html.path(report.lossCurve().get()));
      add(
          "\" alt=\"Data loss over the training steps of: %s; %s.\"></figure>\n",
          report.transferred().name(), report.baseline().name());
    }
  }

  private void examples() {
    if (report.examples().isEmpty()) {
      return;
    }
    add(
        "<h2>Validation pictures</h2>\n<ul class=\"legend\" aria-label=\"Colours of the classes\">");
    for (int id = 0; id < report.classes().size(); id++) {
      add("<li>");
      swatch(id);
      add("%s</li>", report.classes().get(id));
    }
    add("</ul>\n<div class=\"card scroll\"><table class=\"examples\">\n<thead><tr>");
    List<String> headings =
        List.of("picture", "truth", report.transferred().name(), report.baseline().name());
    for (String heading : headings) {
      add("<th scope=\"col\">%s</th>", heading);
    }
    add("</tr></thead>\n<tbody>\n");
    for (Example example : report.examples()) {
      List<String> paths =
          List.of(example.image(), example.truth(), example.transferred(), example.baseline());
      add("<tr>");
      for (int i = 0; i < paths.size(); i++) {
        add("<td><img loading=\"lazy\" src=\"");
        html.append(Html.path(paths.get(i)));
        add("\" alt=\"%s: %s\"></td>", example.name(), headings.get(i));
      }
      add("</tr>\n");
    }
    add("</tbody>\n</table></div>\n");
  }

  /** The class's colour as overlays show it; class 0 is not coloured there. */
  private void swatch(int id) {
    if (id == 0) {
      add("<span class=\"swatch clear\"></span>");
    } else {
      add("<span class=\"swatch\" style=\"background:%s\"></span>", ClassPalette.css(id));
    }
  }

  private List<Run> runs() {
    return List.of(report.transferred(), report.baseline());
  }

  private static String fraction(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3f", value) : "–";
  }

  /** Appends markup with the values, escaped, in the places of its {@code %s}. */
  private void add(String markup, Object... values) {
    Object[] escaped = new Object[values.length];
    for (int i = 0; i < values.length; i++) {
      escaped[i] = Html.escape(String.valueOf(values[i]));
    }
    html.append(String.format(Locale.ROOT, markup, escaped));
  }

  private static String stylesheet() throws IOException {
    try (InputStream css = DemoPage.class.getResourceAsStream("demo-page.css")) {
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
