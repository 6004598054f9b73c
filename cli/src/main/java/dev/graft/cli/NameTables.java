package dev.graft.cli;

import dev.graft.mapping.NameMapping;
import dev.graft.mapping.TableException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Finds the tables that {@code --map}, {@code --from} and {@code --to} name. */
final class NameTables {
  static final String DEFAULT = "graft";

  private NameTables() {}

  /**
   * A bundled table, or the user's own in a file.
   *
   * @throws picocli.CommandLine.ParameterException where there is neither
   * @throws TableException where the file is not a table
   */
  static NameMapping find(GraftCommand command, String nameOrPath) {
    try {
      return NameMapping.of(nameOrPath);
    } catch (TableException e) {
      if (isFile(nameOrPath)) {
        throw e;
      }
      throw command.usage(
          e.getMessage() + "; 'graft tables --suggest FILE' suggests one for a file");
    }
  }

  /** The same table from any working folder. */
  static String lasting(String nameOrPath) {
    return NameMapping.bundledNames().contains(nameOrPath)
        ? nameOrPath
        : Path.of(nameOrPath).toAbsolutePath().normalize().toString();
  }

  private static boolean isFile(String path) {
    try {
      return Files.exists(Path.of(path));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
