package dev.graft.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Roofline UNKNOWN = new Roofline(Double.NaN, Double.NaN);

  private static Outcome outcome(String name, Optional<LayerWork> layer, double... own) {
    Map<String, double[]> millis = new LinkedHashMap<>();
    millis.put("graft", own);
    millis.put("onnxruntime", new double[] {40, 80, 50});
    Contest contest = new Contest(name, 0, layer, setting -> List.of());
    return new Outcome(contest, millis, Map.of("graft", 2e-6, "onnxruntime", 0.0));
  }

  @Test
  void timesAndRatiosAreTables() {
    String text =
        Report.of(
            Map.of("date", "today"),
            "raw.json",
            List.of(outcome("convs", Optional.empty(), 10, 40, 20)),
            UNKNOWN);
    assertThat(text)
        .contains("- date: today\n", "- raw results: raw.json\n")
        .contains("| convs | graft | 20.0 ms | 10.0 ms | 40.0 ms | 3 | 2.0e-06 |")
        .contains("| convs | onnxruntime | 50.0 ms | 40.0 ms | 80.0 ms | 3 | 0.0e+00 |")
        .contains(
            "| convs | graft / onnxruntime | 0.400 | 0.250 | 0.325 | 0.450 | 0.500 | -30.0 ms |")
        .doesNotContain("## Layers");
  }

  @Test
  void layersHaveTheirSpeedAndTheirShareOfTheRoofline() {
    Outcome layer = outcome("conv1_2+pool1", Optional.of(new LayerWork(2e9, 1e6)), 10, 40, 20);
    assertThat(LayerTable.of(List.of(layer), new Roofline(200, 20)))
        .contains(
            "| layer | GFLOP | graft | GFLOP/s | roofline | onnxruntime | GFLOP/s | roofline |"
                + " graft / onnxruntime |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n")
        .contains(
            "| conv1_2+pool1 | 2.00 | 20.0 ms | 100 | 50 % | 50.0 ms | 40.0 | 20 % | 0.400 |\n");
    assertThat(LayerTable.of(List.of(layer), UNKNOWN))
        .contains("| conv1_2+pool1 | 2.00 | 20.0 ms | 100 | 50.0 ms | 40.0 | 0.400 |\n");
  }

  @Test
  void shortTimesAreInMicroseconds() {
    assertThat(Numbers.time(0.00265)).isEqualTo("2.65 µs");
    assertThat(Numbers.time(-0.00265)).isEqualTo("-2.65 µs");
    assertThat(Numbers.time(0.1)).isEqualTo("0.100 ms");
    assertThat(Numbers.time(1234.5)).isEqualTo("1235 ms");
  }

  @Test
  void rawResultsHoldEachRound() {
    assertThat(
            RawResults.of(
                Map.of("date", "today"),
                List.of(outcome("convs", Optional.of(new LayerWork(2e9, 1e6)), 10, 40, 20))))
        .contains("\"date\" : \"today\"", "\"name\" : \"convs\"", "\"flop\" : 2.0E9")
        .contains("\"graft\" : [ 10.0, 40.0, 20.0 ]");
  }
}
