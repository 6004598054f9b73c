package dev.graft.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.graft.cli.report.DemoReport.Example;
import dev.graft.cli.report.DemoReport.Figure;
import dev.graft.cli.report.DemoReport.Run;
import dev.graft.cli.report.DemoReport.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoPageTest {
  private static final String EVIL = "<script>&\"'%s";
  private static final String ESCAPED = "&lt;script&gt;&amp;&quot;&#39;%s";

  private static Run run(String name) {
    return new Run(name, List.of(0.5, Double.NaN), 0.123456, 0.75, 1.0);
  }

  private static DemoReport report(String text, Optional<String> lossCurve, String picture) {
    return new DemoReport(
        text,
        text,
        List.of(new Step(text, text, List.of(new Figure(text, text)))),
        List.of("ground", text),
        run(text),
        run("baseline"),
        lossCurve,
        List.of(new Example(text, picture, "truth.png", "a.png", "b.png")),
        text);
  }

  @Test
  void escapesEveryValue() throws IOException {
    String page = DemoPage.render(report(EVIL, Optional.of("loss.png"), "image.png"));
    assertThat(page).doesNotContain("<script").doesNotContain("&\"");
    // Title, heading, summary; step (2) and figure (2); class in table and legend; the run's name
    // in
    // headline, table, chart and examples; five alternative texts' parts; footer.
    assertThat(page.split(ESCAPED, -1)).hasSizeGreaterThan(15);
  }

  @Test
  void showsTheGivenFiguresAndADashForWhatIsMissing() throws IOException {
    String page = DemoPage.render(report("t", Optional.empty(), "image.png"));
    assertThat(page)
        .contains("<strong>0.123</strong>")
        .contains("</span>0.500</td>")
        .contains("</span>\u2013</td>")
        .contains("<td>+0.000</td>")
        .contains("background:#800000")
        .doesNotContain("NaN")
        .doesNotContain("Loss during training");
  }

  @Test
  void loadsNothingButTheNamedPictures() throws IOException {
    String page = DemoPage.render(report("t", Optional.of("a b/lo\"ss?.png"), "image.png"));
    assertThat(page)
        .contains("src=\"a%20b/lo%22ss%3F.png\"")
        .doesNotContain("http")
        .doesNotContain("url(")
        .doesNotContain("<link");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://host/a.png", "//host/a.png", "/a.png", "", "data:x", "a\\b.png"})
  void refusesPathsThatAreNotRelative(String path) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DemoPage.render(report("t", Optional.empty(), path)))
        .withMessageStartingWith("expected a path relative to the page, found ");
  }

  @Test
  void refusesARunWithoutAnIouForEachClass() {
    Run one = new Run("short", List.of(0.5), 0.5, 0.5, 0.5);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new DemoReport(
                    "t",
                    "t",
                    List.of(),
                    List.of("a", "b"),
                    run("ok"),
                    one,
                    Optional.empty(),
                    List.of(),
                    ""))
        .withMessage("short: expected one IoU for each of 2 classes, found 1");
  }

  @Test
  void writesUtf8(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("index.html");
    DemoPage.write(file, report("gr\u00fcn \u2013 \u7eff", Optional.empty(), "image.png"));
    assertThat(Files.readString(file))
        .startsWith("<!DOCTYPE html>")
        .contains("gr\u00fcn \u2013 \u7eff");
  }
}
