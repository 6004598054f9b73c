package dev.graft.bench.peers;

import java.util.List;

/**
 * The outcomes of single layers as one table in Markdown: for each contestant the time, the
 * effective speed (the operations of the direct convolution over the time, however it was computed)
 * and, where the machine's limits are known, how much of the roofline that is. Above 100 % an
 * algorithm has saved operations.
 */
final class LayerTable {
  private final StringBuilder text = new StringBuilder();
  private final List<String> names;
  private final Roofline machine;

  private LayerTable(List<Outcome> layers, Roofline machine) {
    this.names = List.copyOf(layers.get(0).millis().keySet());
    this.machine = machine;
  }

  /** Of at least one layer, all with the same contestants. */
  static String of(List<Outcome> layers, Roofline machine) {
    LayerTable table = new LayerTable(layers, machine);
    table.text.append("## Layers\n\n");
    if (machine.isKnown()) {
      table.text.append(
          "Roofline: %s GFLOP/s, %s GB/s.%n%n"
              .formatted(Numbers.digits(machine.gflops()), Numbers.digits(machine.gigabytes())));
    }
    table.head();
    layers.forEach(table::row);
    return table.text.toString();
  }

  private void head() {
    StringBuilder rule = new StringBuilder("|---|--:|");
    text.append("| layer | GFLOP |");
    for (String name : names) {
      cell(name);
      cell("GFLOP/s");
      rule.append("--:|--:|");
      if (machine.isKnown()) {
        cell("roofline");
        rule.append("--:|");
      }
    }
    for (String peer : names.subList(1, names.size())) {
      cell(names.get(0) + " / " + peer);
      rule.append("--:|");
    }
    text.append('\n').append(rule).append('\n');
  }

  private void row(Outcome outcome) {
    LayerWork work = outcome.contest().layer().orElseThrow();
    text.append('|');
    cell(outcome.contest().name());
    cell(Numbers.digits(work.flop() / 1e9));
    for (String name : names) {
      double seconds = outcome.median(name) / 1000;
      cell(Numbers.time(outcome.median(name)));
      cell(Numbers.digits(work.gflops(seconds)));
      if (machine.isKnown()) {
        double least = work.rooflineSeconds(machine.gflops(), machine.gigabytes());
        cell(Numbers.percent(least / seconds));
      }
    }
    double[] first = outcome.millis().get(names.get(0));
    for (String peer : names.subList(1, names.size())) {
      cell(Numbers.ratio(Spread.ofRatios(first, outcome.millis().get(peer)).median()));
    }
    text.append('\n');
  }

  private void cell(String value) {
    text.append(' ').append(value).append(" |");
  }
}
