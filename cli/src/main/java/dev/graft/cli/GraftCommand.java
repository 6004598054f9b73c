package dev.graft.cli;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What all commands have: the streams, and a way to refuse their arguments. */
abstract class GraftCommand implements Callable<Integer> {
  @ParentCommand private RootCommand root;

  @Spec private CommandSpec spec;

  /** Where to write to. */
  final Screen screen() {
    return root.screen();
  }

  /** For results. */
  final PrintStream out() {
    return root.screen().out();
  }

  /** For progress and errors. */
  final PrintStream err() {
    return root.screen().err();
  }

  /** Whether the user wants to hear more. */
  final boolean verbose() {
    return root.verbose();
  }

  /** To be thrown where arguments are wrong: exit code 2. */
  final ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Refuses the arguments unless a condition holds. */
  final void require(boolean condition, String message) {
    if (!condition) {
      throw usage(message);
    }
  }
}
