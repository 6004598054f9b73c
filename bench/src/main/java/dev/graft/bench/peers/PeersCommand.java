package dev.graft.bench.peers;

import dev.graft.bench.Machine;
import dev.graft.capi.TensorFlow;
import dev.graft.graph.AtomicFiles;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;

/** {@code graft bench peers}: measures, and writes what was measured with what it depends on. */
public final class PeersCommand {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss", Locale.ROOT);

  private static final int HELP_COLUMNS = 100;

  private final PrintStream out;
  private final PrintStream err;
  private final PeersOptions options;
  private final String arguments;

  private PeersCommand(
      PrintStream out, PrintStream err, PeersOptions options, String... arguments) {
    this.out = out;
    this.err = err;
    this.options = options;
    this.arguments = String.join(" ", arguments);
  }

  /**
   * Runs.
   *
   * @param out receives the tables
   * @param err receives progress and messages
   * @return 0 success, 1 the work failed, 2 wrong usage
   */
  public static int run(PrintStream out, PrintStream err, String... arguments) {
    PeersOptions options = new PeersOptions();
    CommandLine line = new CommandLine(options);
    line.setOut(new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), true));
    line.setUsageHelpWidth(HELP_COLUMNS);
    line.setExecutionStrategy(
        parsed -> {
          Integer answered = CommandLine.executeHelpRequest(parsed);
          return answered != null
              ? answered
              : new PeersCommand(out, err, options, arguments).call();
        });
    line.setParameterExceptionHandler(
        (failure, rest) -> {
          err.println("graft bench peers: " + failure.getMessage());
          return CommandLine.ExitCode.USAGE;
        });
    line.setExecutionExceptionHandler(
        (failure, command, result) -> {
          err.println("graft bench peers: " + failure.getMessage());
          return CommandLine.ExitCode.SOFTWARE;
        });
    return line.execute(arguments);
  }

  private int call() {
    if (options.list()) {
      for (Case each : Case.values()) {
        out.printf("%-20s %s%n", each.label(), each.description());
      }
      out.println("contestants: " + String.join(", ", Contestants.names()));
      return CommandLine.ExitCode.OK;
    }
    List<Case> cases = options.cases();
    Setting setting = options.setting();
    TensorFlow.setIntraOpThreads(setting.threads());
    ZonedDateTime now = ZonedDateTime.now(ZoneId.systemDefault());
    Map<String, String> facts = facts(now, setting);
    Path raw = resultFile(now);
    String stem = raw.getFileName().toString().replace(".json", "");
    Path summary = raw.resolveSibling(stem + ".summary.md");
    List<Outcome> outcomes = new ArrayList<>();
    String text = "";
    for (Case each : cases) {
      for (Contest contest : each.contests(setting.size())) {
        outcomes.add(hold(contest, setting));
        // Each time, so that a run that is stopped leaves what it has measured.
        AtomicFiles.write(raw, RawResults.of(facts, outcomes));
        text = Report.of(facts, raw.getFileName().toString(), outcomes, options.machine());
        AtomicFiles.write(summary, text);
      }
    }
    out.print(text);
    out.println("\nResults: " + raw + ", " + summary);
    return CommandLine.ExitCode.OK;
  }

  private Path resultFile(ZonedDateTime now) {
    try {
      return Files.createDirectories(options.folder()).resolve(STAMP.format(now) + "-peers.json");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + options.folder() + ": " + e.getMessage(), e);
    }
  }

  private Outcome hold(Contest contest, Setting setting) {
    List<Contestant> opened = contest.open().apply(setting);
    try {
      Map<String, Double> errors = Agreement.check(contest.name(), opened);
      Turns turns = options.turns();
      boolean terminal = Boolean.getBoolean("graft.terminal.err");
      RoundProgress progress =
          new RoundProgress(err, terminal, contest.name(), turns.warmUps() + turns.rounds());
      return new Outcome(contest, turns.take(contest, opened, progress::done), errors);
    } finally {
      opened.forEach(Contestant::close);
    }
  }

  private Map<String, String> facts(ZonedDateTime now, Setting setting) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("date", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(now));
    facts.put("options", arguments);
    facts.put("threads", setting.threads() + " for each contestant");
    Turns turns = options.turns();
    facts.put(
        "turns",
        "%d rounds to warm up, %d timed, %d ms before each turn"
            .formatted(turns.warmUps(), turns.rounds(), turns.pauseMillis()));
    facts.putAll(Machine.describe());
    facts.put("graft", Engine.OWN.description());
    if (setting.wants(OnnxContestant.NAME)) {
      facts.put("ONNX Runtime", OnnxRuntime.environment().getVersion());
    }
    return facts;
  }
}
