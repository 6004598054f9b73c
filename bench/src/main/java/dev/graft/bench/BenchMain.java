package dev.graft.bench;

import dev.graft.bench.peers.PeersCommand;
import dev.graft.graph.AtomicFiles;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * {@code graft bench [JMH options]} and {@code graft bench peers}: runs the benchmarks and writes
 * what was measured, with what it depends on, to the folder {@code bench-results}. All options are
 * JMH's ({@code -h} lists them); {@code -rff} names another file or folder. Where there is no GPU,
 * {@code device=gpu} is left out.
 */
public final class BenchMain {
  private static final Path DEFAULT_FOLDER = Path.of("bench-results");

  private BenchMain() {}

  /** Runs, and ends the process: 0 success, 1 the work failed, 2 wrong usage. */
  public static void main(String[] args) {
    System.exit(run(System.out, System.err, args));
  }

  /**
   * Runs.
   *
   * @param out receives the names of the files written; JMH's own output goes to {@link System#out}
   * @param err receives messages
   * @return 0 success, 1 the work failed, 2 wrong usage
   */
  public static int run(PrintStream out, PrintStream err, String... args) {
    if (args.length > 0 && args[0].equals("peers")) {
      return PeersCommand.run(out, err, Arrays.copyOfRange(args, 1, args.length));
    }
    try {
      CommandLineOptions options = new CommandLineOptions(args);
      return answered(options) ? 0 : measure(options, out, err, args);
    } catch (CommandLineOptionException e) {
      err.println("graft bench: " + e.getMessage().strip());
      return 2;
    } catch (NoBenchmarksException e) {
      err.println("graft bench: no benchmark matches; -l lists them");
      return 2;
    } catch (RunnerException | IOException | UncheckedIOException e) {
      err.println("graft bench: " + e.getMessage());
      return 1;
    }
  }

  /** Does what JMH does without running anything. */
  private static boolean answered(CommandLineOptions options) throws IOException {
    if (options.shouldHelp()) {
      options.showHelp();
    } else if (options.shouldList()) {
      new Runner(options).list();
    } else if (options.shouldListWithParams()) {
      new Runner(options).listWithParams(options);
    } else if (options.shouldListProfilers()) {
      options.listProfilers();
    } else if (options.shouldListResultFormats()) {
      options.listResultFormats();
    } else {
      return false;
    }
    return true;
  }

  private static int measure(
      CommandLineOptions options, PrintStream out, PrintStream err, String... args)
      throws RunnerException, IOException {
    ZonedDateTime now = ZonedDateTime.now(ZoneId.systemDefault());
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("date", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(now));
    facts.put("options", String.join(" ", args));
    facts.putAll(Machine.describe());

    ChainedOptionsBuilder builder = new OptionsBuilder().parent(options);
    if (!Device.GPU.isPresent() && !leaveOutGpu(options, builder, err)) {
      return 1;
    }
    ResultFormatType format = options.getResultFormat().orElse(ResultFormatType.JSON);
    ResultFiles files = ResultFiles.of(options, format, DEFAULT_FOLDER, now);
    builder.resultFormat(format).result(files.raw().toString());

    Collection<RunResult> results = new Runner(builder.build()).run();
    String summary = Summary.of(facts, files.raw().getFileName().toString(), results);
    AtomicFiles.write(files.summary(), summary);
    out.println("Results: " + files.raw() + ", " + files.summary());
    return results.isEmpty() ? 1 : 0;
  }

  /** Keeps the other devices; false where the caller asked for no other. */
  private static boolean leaveOutGpu(
      CommandLineOptions options, ChainedOptionsBuilder builder, PrintStream err) {
    err.println("graft bench: device=gpu is left out: TensorFlow sees no GPU on this machine");
    List<String> devices = new ArrayList<>(List.of(Device.CPU.toString()));
    if (options.getParameter("device").hasValue()) {
      devices = new ArrayList<>(options.getParameter("device").get());
      devices.remove(Device.GPU.toString());
    }
    builder.param("device", devices.toArray(String[]::new));
    return !devices.isEmpty();
  }
}
