package dev.graft.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Help.Ansi;

/**
 * Where a command writes to.
 *
 * @param out for results
 * @param err for progress and errors
 * @param outIsTerminal whether colours may be used on {@code out}
 * @param errIsTerminal whether a line on {@code err} may be drawn over
 * @param columns width of the terminal, in characters
 */
record Screen(
    PrintStream out, PrintStream err, boolean outIsTerminal, boolean errIsTerminal, int columns) {
  private static final int DEFAULT_COLUMNS = 80;

  /**
   * The process's own streams, in UTF-8. Java cannot tell which of them is a terminal: the launcher
   * says so in system properties.
   */
  static Screen ofProcess() {
    return new Screen(
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        Boolean.getBoolean("graft.terminal.out"),
        Boolean.getBoolean("graft.terminal.err"),
        Integer.getInteger("graft.terminal.columns", DEFAULT_COLUMNS));
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor)), true, StandardCharsets.UTF_8);
  }

  Ansi ansi() {
    boolean wanted = outIsTerminal && System.getenv("NO_COLOR") == null;
    return wanted ? Ansi.ON : Ansi.OFF;
  }

  PrintWriter outWriter() {
    return writer(out);
  }

  PrintWriter errWriter() {
    return writer(err);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }
}
