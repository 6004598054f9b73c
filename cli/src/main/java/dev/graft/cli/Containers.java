package dev.graft.cli;

import dev.graft.weights.ContainerWriter;
import dev.graft.weights.WeightWriter;
import dev.graft.weights.WeightsException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The containers that are written, as the command line names and lists them. */
final class Containers {
  private Containers() {}

  /**
   * The container of a name, or else of the destination's extension.
   *
   * @param name may be null
   * @throws picocli.CommandLine.ParameterException where there is none
   */
  static ContainerWriter find(GraftCommand command, String name, Path destination) {
    command.require(destination.getFileName() != null, destination + ": is no file name");
    try {
      return name == null ? WeightWriter.container(destination) : WeightWriter.container(name);
    } catch (WeightsException e) {
      throw command.usage(
          e.getMessage() + (name == null ? "; --format NAME chooses a container" : ""));
    }
  }

  /** Lists them in a command's help, above the examples. */
  static void listIn(CommandLine command) {
    String section = UsageMessageSpec.SECTION_KEY_FOOTER_HEADING;
    CommandLine.IHelpSectionRenderer heading = command.getHelpSectionMap().get(section);
    command.getHelpSectionMap().put(section, help -> list() + heading.render(help));
  }

  private static String extensions(ContainerWriter container) {
    if (container.extensions().isEmpty()) {
      return container.writesFolder() ? "none: a folder" : "--format only";
    }
    return String.join(" ", container.extensions());
  }

  private static String list() {
    Tables table = new Tables().text("container").text("extension").text("");
    for (ContainerWriter container : WeightWriter.containers()) {
      table.row(container.name(), extensions(container), container.description());
    }
    String lines =
        table.render().lines().skip(2).map("  "::concat).reduce("", (a, b) -> a + b + "%n");
    return ("%nContainers:%n" + lines).formatted();
  }
}
