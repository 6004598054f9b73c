package dev.graft.containers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A run of Jazzer, the coverage-guided fuzzer, in a JVM of its own from the tests' class path.
 *
 * @param exitCode 0 where nothing was found
 * @param log what it printed
 */
record JazzerRun(int exitCode, String log) {
  private static final String MAIN = "com.code_intelligence.jazzer.Jazzer";
  private static final Pattern DONE = Pattern.compile("stat::number_of_executed_units: ([0-9]+)");
  private static final Pattern COVERED = Pattern.compile(" cov: ([0-9]+) ");
  private static final int SHOWN = 6000;
  private static final long SHORT_SECONDS = 300;

  /** A heap in which no input of a few kilobytes has any business to fail. */
  private static final String HEAP = "-Xmx256m";

  /**
   * Fuzzes.
   *
   * @param target the class with the method that takes inputs
   * @param instrumented patterns of the classes whose branches guide it
   * @param corpora folders of inputs to begin with; interesting ones are added to the first
   * @param findings where an input that breaks the target is put
   * @param options options of libFuzzer
   * @param limitSeconds when it is taken for hanging
   */
  static JazzerRun of(
      Class<?> target,
      String instrumented,
      List<Path> corpora,
      Path findings,
      List<String> options,
      long limitSeconds)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile(findings, "jazzer", ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(HEAP, "-XX:+UseSerialGC"));
    if (limitSeconds < SHORT_SECONDS) {
      // Such a run ends before the optimising compiler has paid off.
      command.add("-XX:TieredStopAtLevel=1");
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    command.add("--target_class=" + target.getName());
    command.add("--instrumentation_includes=" + instrumented);
    command.add("--custom_hook_includes=" + instrumented);
    // libFuzzer's own mutations: the input is a file, not an argument list.
    command.add("--mutator_framework=false");
    command.add("--reproducer_path=" + findings);
    command.add("-artifact_prefix=" + findings + "/");
    command.add("-print_final_stats=1");
    command.addAll(options);
    corpora.forEach(corpus -> command.add(corpus.toString()));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
        throw new AssertionError("Jazzer hangs; see " + log);
      }
    } finally {
      process.destroyForcibly();
    }
    return new JazzerRun(process.exitValue(), Files.readString(log, StandardCharsets.ISO_8859_1));
  }

  /** Whether the native driver came as far as its first input. */
  boolean started() {
    return log.contains("INITED");
  }

  /** How many inputs were tried. */
  long inputs() {
    return last(DONE);
  }

  /** How many places of the instrumented code were reached. */
  long covered() {
    return last(COVERED);
  }

  private long last(Pattern pattern) {
    long value = 0;
    for (Matcher matcher = pattern.matcher(log); matcher.find(); ) {
      value = Long.parseLong(matcher.group(1));
    }
    return value;
  }

  /** The end of what it printed, where a finding stands. */
  String summary() {
    int finding = Math.max(log.indexOf("== Java Exception"), log.length() - SHOWN);
    return log.substring(Math.max(0, Math.min(finding, log.length() - SHOWN)));
  }
}
