package dev.graft.bench.peers;

import dev.graft.bench.NetSize;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line of {@code graft bench peers}. */
@Command(
    name = "graft bench peers",
    sortOptions = false,
    description = {
      "Measure Graft's own operations (graft), TensorFlow's (tensorflow) and ONNX Runtime"
          + " (onnxruntime) side by side.",
      "",
      "All contestants of a case are loaded into this process with the same seeded weights and"
          + " input, have to give the same answer, and then take turns. A table of times and one of"
          + " the ratios within a round go to the standard output and, with the time of every"
          + " round, to the results folder. Without CASE all cases are run."
    },
    footer = {
      "",
      "Examples:",
      "  graft bench peers --list",
      "  graft bench peers vgg16-convs vgg16-convs-512 --rounds 40",
      "  graft bench peers layers --peak 500 --bandwidth 30",
      "  graft bench peers vgg16-classifier --contestants onnxruntime,tensorflow",
      "  graft bench peers --size narrow --rounds 2   # does everything run?"
    })
final class PeersOptions {
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..*", paramLabel = "CASE", description = "What to measure; see --list.")
  private List<String> names = List.of();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "20",
      description = "Timed rounds (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "3",
      description = "Rounds before that (default: ${DEFAULT-VALUE}).")
  private int warmUps;

  @Option(
      names = "--pause",
      paramLabel = "MS",
      defaultValue = "60",
      description =
          "Milliseconds between turns, in which the threads of the one before stop spinning"
              + " (default: ${DEFAULT-VALUE}).")
  private int pauseMillis;

  @Option(
      names = "--cold",
      description =
          "Time the first run of each turn, with threads asleep and the others' data in the caches."
              + " Without it networks of less than a second run once untimed at the start of a"
              + " turn.")
  private boolean cold;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "2",
      description = "Threads of each contestant (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--contestants",
      paramLabel = "NAME",
      split = ",",
      description = "Only these (default: all that run here).")
  private Set<String> contestants = new LinkedHashSet<>();

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      defaultValue = "full",
      description = "Of the networks: full or narrow (default: ${DEFAULT-VALUE}).")
  private String size;

  @Option(
      names = "--peak",
      paramLabel = "GFLOP/S",
      defaultValue = "NaN",
      description = "This machine's fused multiply-add, with those threads; for the roofline.")
  private double peak;

  @Option(
      names = "--bandwidth",
      paramLabel = "GB/S",
      defaultValue = "NaN",
      description = "What this machine reads from memory, with those threads; for the roofline.")
  private double bandwidth;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      defaultValue = "bench-results",
      description = "For the results (default: ${DEFAULT-VALUE}).")
  private Path folder;

  @Option(names = "--list", description = "Name the cases and the contestants, and stop.")
  private boolean list;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this.")
  @SuppressWarnings("UnusedVariable") // picocli wants it
  private boolean help;

  /** What is to be measured, in order. */
  List<Case> cases() {
    try {
      return names.isEmpty() ? List.of(Case.values()) : names.stream().map(Case::of).toList();
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  /** What the contests have in common; refuses what cannot be. */
  Setting setting() {
    if (rounds < 1 || warmUps < 0 || pauseMillis < 0 || threads < 1) {
      throw usage("--rounds and --threads are at least 1, --warm-up and --pause at least 0");
    }
    Set<String> known = Contestants.names();
    for (String contestant : contestants) {
      if (!known.contains(contestant)) {
        throw usage(
            "there is no contestant '" + contestant + "' here; those that run are " + known);
      }
    }
    try {
      return new Setting(NetSize.of(size), threads, contestants.isEmpty() ? known : contestants);
    } catch (IllegalArgumentException e) {
      throw usage("--size is full or narrow, not " + size);
    }
  }

  /** How the contestants take turns. */
  Turns turns() {
    return new Turns(warmUps, rounds, pauseMillis, cold);
  }

  /** What the layers are measured against. */
  Roofline machine() {
    return new Roofline(peak, bandwidth);
  }

  /** Where the results go. */
  Path folder() {
    return folder;
  }

  /** Whether the cases are only to be named. */
  boolean list() {
    return list;
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
