package dev.graft.cli;

import java.util.List;
import picocli.CommandLine;

/** The commands of {@code graft}, in the order of its help. */
final class Commands {
  private static final List<String> NAMES =
      List.of(
          "inspect", "check", "convert", "diff", "verify", "tables", "train", "eval", "predict",
          "demo", "doctor", "bench");

  private Commands() {}

  /**
   * Adds the command that the arguments name; all of them where they name none. To read the
   * annotations of all takes longer than to list a weight file.
   */
  static void addTo(CommandLine root, String... args) {
    boolean named = args.length > 0 && NAMES.contains(args[0]);
    for (String name : named ? List.of(args[0]) : NAMES) {
      root.addSubcommand(name, create(name));
    }
  }

  private static GraftCommand create(String name) {
    return switch (name) {
      case "inspect" -> new InspectCommand();
      case "check" -> new CheckCommand();
      case "convert" -> new ConvertCommand();
      case "diff" -> new DiffCommand();
      case "verify" -> new VerifyCommand();
      case "tables" -> new TablesCommand();
      case "train" -> new TrainCommand();
      case "eval" -> new EvalCommand();
      case "predict" -> new PredictCommand();
      case "demo" -> new DemoCommand();
      case "doctor" -> new DoctorCommand();
      case "bench" -> new BenchCommand();
      default -> throw new IllegalArgumentException(name);
    };
  }
}
