package dev.graft.bench;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.Statistics;

/** Results for people: a table in Markdown below what they depend on. */
final class Summary {
  /** What JMH calls the percentiles of sampled times, which it lists as results of their own. */
  private static final Pattern PERCENTILE = Pattern.compile("p\\d\\.\\d+");

  private Summary() {}

  /**
   * The whole text.
   *
   * @param facts date, command line and machine
   * @param raw the name of the file with the raw results
   */
  static String of(Map<String, String> facts, String raw, Collection<RunResult> results) {
    StringBuilder text = new StringBuilder("# Benchmarks\n\n");
    facts.forEach(
        (name, value) -> text.append("- ").append(name).append(": ").append(value).append('\n'));
    text.append("- raw results: ").append(raw).append("\n\n");
    text.append("| benchmark | parameters | median | mean | ± 99.9 % | min | max | n | unit |\n");
    text.append("|---|---|--:|--:|--:|--:|--:|--:|---|\n");
    for (RunResult result : results) {
      BenchmarkParams params = result.getParams();
      String name = params.getBenchmark();
      String simple = name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
      row(text, simple, parameters(params), result.getPrimaryResult());
      for (String label : result.getSecondaryResults().keySet()) {
        if (!PERCENTILE.matcher(label).matches()) {
          row(text, simple + " " + label, "", result.getSecondaryResults().get(label));
        }
      }
    }
    return text.toString();
  }

  private static String parameters(BenchmarkParams params) {
    return params.getParamsKeys().stream()
        .map(key -> key + "=" + params.getParam(key))
        .collect(Collectors.joining(" "));
  }

  private static void row(StringBuilder text, String name, String parameters, Result<?> result) {
    Statistics statistics = result.getStatistics();
    text.append(
        "| %s | %s | %s | %s | %s | %s | %s | %d | %s |\n"
            .formatted(
                name,
                parameters,
                number(statistics.getPercentile(50)),
                number(statistics.getMean()),
                number(result.getScoreError()),
                number(statistics.getMin()),
                number(statistics.getMax()),
                statistics.getN(),
                result.getScoreUnit()));
  }

  /** Four digits, as few after the point as they need. */
  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "";
    }
    int decimals = value == 0 ? 0 : (int) Math.max(0, 3 - Math.floor(Math.log10(Math.abs(value))));
    return String.format(Locale.ROOT, "%." + Math.min(decimals, 6) + "f", value);
  }
}
