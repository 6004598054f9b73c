package dev.graft.cli;

import dev.graft.cli.Failures.Failed;
import java.io.PrintStream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code graft} command: parses, runs one command, gives its exit code. */
public final class Main {
  /** The work is done. */
  public static final int SUCCESS = 0;

  /** The work failed. */
  public static final int FAILURE = 1;

  /** The arguments are wrong; nothing was done. */
  public static final int USAGE = 2;

  /** A signal ended a training early, with a good checkpoint. */
  public static final int INTERRUPTED = 130;

  private Main() {}

  /** Runs with the process's streams and ends the process. */
  public static void main(String[] args) {
    // Libraries that log speak up only when something is wrong.
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    System.exit(run(Screen.ofProcess(), args));
  }

  /**
   * Runs with other streams, neither of which is a terminal.
   *
   * @return the exit code
   */
  public static int run(PrintStream out, PrintStream err, String... args) {
    return run(new Screen(out, err, false, false, 80), args);
  }

  static int run(Screen screen, String... args) {
    RootCommand root = new RootCommand(screen);
    CommandLine line = new CommandLine(root);
    Commands.addTo(line, args);
    line.setColorScheme(Help.defaultColorScheme(screen.ansi()));
    line.setOut(screen.outWriter());
    line.setErr(screen.errWriter());
    line.setUsageHelpWidth(Math.min(120, Math.max(80, screen.columns())));
    line.setUsageHelpAutoWidth(false);
    CommandLine bench = line.getSubcommands().get("bench");
    if (bench != null) {
      // What follows 'bench' is JMH's, options included.
      bench.setUnmatchedOptionsArePositionalParams(true).setStopAtPositional(true);
    }
    CommandLine convert = line.getSubcommands().get("convert");
    if (convert != null) {
      Containers.listIn(convert);
    }
    line.setExecutionExceptionHandler((failure, command, result) -> report(root, failure));
    line.setParameterExceptionHandler((failure, rest) -> reportUsage(screen, failure));
    try {
      return line.execute(args);
    } catch (Error e) {
      return report(root, e);
    } finally {
      screen.out().flush();
      screen.err().flush();
    }
  }

  private static int report(RootCommand root, Throwable failure) {
    if (failure instanceof ParameterException usage) {
      return reportUsage(root.screen(), usage);
    }
    PrintStream err = root.screen().err();
    if (!(failure instanceof Failed failed && failed.wasReported())) {
      err.println("graft: " + Failures.describe(failure));
    }
    if (root.verbose()) {
      failure.printStackTrace(err);
    }
    return FAILURE;
  }

  private static int reportUsage(Screen screen, ParameterException failure) {
    screen.err().println("graft: " + failure.getMessage());
    CommandLine command = failure.getCommandLine();
    if (!UnmatchedArgumentException.printSuggestions(failure, screen.errWriter())) {
      String name = command.getCommandSpec().qualifiedName();
      screen.err().println("'" + name + " --help' says how to use it.");
    }
    return USAGE;
  }
}
