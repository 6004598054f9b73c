package dev.graft.graph.checkpoint;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.io.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The checkpoints in a folder, and the file {@code checkpoint} that names the latest of them. */
final class CheckpointFolder {
  private static final int MAX_FILES = 10_000;
  private static final int MAX_LISTED = 20;
  private static final int MAX_STATE_BYTES = 1 << 16;
  private static final String STATE_KEY = "model_checkpoint_path:";

  private CheckpointFolder() {}

  /** The prefixes of all checkpoints among the first files of a folder, sorted. */
  static List<Path> prefixes(Path folder) {
    TreeSet<Path> prefixes = new TreeSet<>();
    int seen = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (++seen > MAX_FILES) {
          break;
        }
        String name = file.getFileName().toString();
        if (!Table.isTable(file) || name.equals(CheckpointFiles.INDEX)) {
          continue;
        }
        if (name.endsWith(CheckpointFiles.INDEX)) {
          int end = name.length() - CheckpointFiles.INDEX.length();
          prefixes.add(folder.resolve(name.substring(0, end)));
        } else {
          prefixes.add(CheckpointFiles.withoutShard(file));
        }
      }
    } catch (IOException e) {
      return List.of();
    }
    return new ArrayList<>(prefixes);
  }

  /**
   * The one that is meant.
   *
   * @throws MalformedWeightsException where there is none, or several and no state file names one
   */
  static Path choose(Path folder, List<Path> prefixes) {
    Optional<String> latest = latest(folder);
    Optional<Path> named = latest.flatMap(name -> resolve(folder, name)).filter(prefixes::contains);
    if (named.isPresent()) {
      return named.get();
    }
    if (prefixes.size() == 1) {
      return prefixes.get(0);
    }
    String said =
        latest
            .map(
                name -> "its file \"checkpoint\" names " + Printable.of(name) + ", not one of them")
            .orElse("no file \"checkpoint\" names the latest");
    if (prefixes.isEmpty()) {
      throw new MalformedWeightsException(folder + ": has no checkpoint");
    }
    throw new MalformedWeightsException(
        folder
            + ": has "
            + prefixes.size()
            + " checkpoints and "
            + said
            + "; name one: "
            + prefixes.stream()
                .limit(MAX_LISTED)
                .map(prefix -> prefix.getFileName().toString())
                .collect(Collectors.joining(", ")));
  }

  /** The path in the folder; empty where it leads out of it. */
  private static Optional<Path> resolve(Path folder, String name) {
    try {
      Path whole = folder.toAbsolutePath().normalize();
      Path path = whole.resolve(name).normalize();
      return whole.equals(path.getParent())
          ? Optional.of(folder.resolve(path.getFileName()))
          : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> latest(Path folder) {
    Path file = folder.resolve("checkpoint");
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > MAX_STATE_BYTES) {
        return Optional.empty();
      }
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> line.startsWith(STATE_KEY))
          .map(line -> unquote(line.substring(STATE_KEY.length()).strip()))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** A quoted text of a text protocol buffer; bytes beyond ASCII are three octal digits there. */
  private static String unquote(String quoted) {
    byte[] in = quoted.getBytes(StandardCharsets.UTF_8);
    byte[] out = new byte[in.length];
    int length = 0;
    for (int i = 1; i < in.length && in[i] != in[0]; i++) {
      if (in[i] != '\\' || i + 1 == in.length) {
        out[length++] = in[i];
      } else if (i + 3 < in.length && isOctal(in[i + 1]) && isOctal(in[i + 2])) {
        out[length++] =
            (byte) (((in[i + 1] - '0') << 6) | ((in[i + 2] - '0') << 3) | (in[i + 3] - '0'));
        i += 3;
      } else {
        out[length++] = in[++i];
      }
    }
    return new String(out, 0, length, StandardCharsets.UTF_8);
  }

  private static boolean isOctal(byte digit) {
    return digit >= '0' && digit <= '7';
  }
}
