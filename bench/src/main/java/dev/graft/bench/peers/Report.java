package dev.graft.bench.peers;

import java.util.List;
import java.util.Map;

/** Outcomes for people: tables in Markdown below what they depend on. */
final class Report {
  private final StringBuilder text = new StringBuilder();

  private Report() {}

  /**
   * The whole text.
   *
   * @param facts date, command line and machine
   * @param raw the name of the file with the time of each round
   * @param machine what the layers are measured against
   */
  static String of(
      Map<String, String> facts, String raw, List<Outcome> outcomes, Roofline machine) {
    Report report = new Report();
    report.text.append("# Peers side by side\n\n");
    facts.forEach((name, value) -> report.line("- " + name + ": " + value));
    report.line("- raw results: " + raw);
    report.times(outcomes);
    report.ratios(outcomes);
    List<Outcome> layers =
        outcomes.stream().filter(outcome -> outcome.contest().layer().isPresent()).toList();
    if (!layers.isEmpty()) {
      report.text.append('\n').append(LayerTable.of(layers, machine));
    }
    return report.text.toString();
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private void times(List<Outcome> outcomes) {
    line("\n## Times\n");
    line("| work | contestant | median | min | max | rounds | error |");
    line("|---|---|--:|--:|--:|--:|--:|");
    for (Outcome outcome : outcomes) {
      outcome
          .millis()
          .forEach(
              (name, millis) -> {
                Spread spread = Spread.of(millis);
                line(
                    "| %s | %s | %s | %s | %s | %d | %.1e |"
                        .formatted(
                            outcome.contest().name(),
                            name,
                            Numbers.time(spread.median()),
                            Numbers.time(spread.min()),
                            Numbers.time(spread.max()),
                            millis.length,
                            outcome.errors().get(name)));
              });
    }
    line(
        "\nError: the relative L2 distance of the answer from stock TensorFlow's, where that takes"
            + " part, else from the first contestant's; checked before anything was timed.");
  }

  private void ratios(List<Outcome> outcomes) {
    line("\n## Ratios within a round\n");
    line("| work | ratio | median | min | 25 % | 75 % | max | difference |");
    line("|---|---|--:|--:|--:|--:|--:|--:|");
    for (Outcome outcome : outcomes) {
      List<String> names = List.copyOf(outcome.millis().keySet());
      for (int i = 0; i < names.size(); i++) {
        for (String peer : names.subList(i + 1, names.size())) {
          ratio(outcome, names.get(i), peer);
        }
      }
    }
  }

  private void ratio(Outcome outcome, String own, String peer) {
    double[] ownMillis = outcome.millis().get(own);
    double[] peerMillis = outcome.millis().get(peer);
    Spread spread = Spread.ofRatios(ownMillis, peerMillis);
    line(
        "| %s | %s / %s | %s | %s | %s | %s | %s | %s |"
            .formatted(
                outcome.contest().name(),
                own,
                peer,
                Numbers.ratio(spread.median()),
                Numbers.ratio(spread.min()),
                Numbers.ratio(spread.lower()),
                Numbers.ratio(spread.upper()),
                Numbers.ratio(spread.max()),
                Numbers.time(Spread.ofDifferences(ownMillis, peerMillis).median())));
  }
}
