package dev.graft.graph.checkpoint;

import dev.graft.capi.CheckpointReader;
import dev.graft.capi.TensorFlowException;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.io.Printable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Asks the reader of the TensorFlow runtime what is in a checkpoint: what is found here must be
 * what TensorFlow finds. Only files whose whole structure has been checked get here, for that
 * reader ends the process at much that it does not expect.
 */
final class RuntimeListing {
  private static final String DIGIT = "[0-9]";

  private RuntimeListing() {}

  /**
   * Compares all names, types and shapes.
   *
   * @throws MalformedWeightsException where they differ, or TensorFlow refuses the files
   */
  static void compare(CheckpointFiles files, Map<String, Contents.Signature> found) {
    Path prefix = files.prefix().toAbsolutePath();
    boolean hidden = files.version() == 1 && Files.exists(CheckpointFiles.index(prefix));
    if (hidden || isPattern(prefix)) {
      compareLinked(files, found);
    } else {
      compare(files, prefix, found);
    }
  }

  /** TensorFlow takes names for patterns, and prefers an index to a V1 file of the same name. */
  private static boolean isPattern(Path path) {
    return path.toString().chars().anyMatch(c -> "*?[\\".indexOf(c) >= 0);
  }

  /** Through links under names that are no patterns. */
  private static void compareLinked(CheckpointFiles files, Map<String, Contents.Signature> found) {
    try {
      Path folder = Files.createTempDirectory("graft-checkpoint-");
      try {
        Path linked = folder.resolve("linked");
        List<Path> tables = files.tables();
        for (int i = 0; i < tables.size(); i++) {
          String name = files.version() == 2 ? "linked.index" : shardName(i, tables.size());
          Files.createSymbolicLink(folder.resolve(name), tables.get(i).toAbsolutePath());
        }
        compare(files, linked, found);
      } finally {
        try (var links = Files.newDirectoryStream(folder)) {
          for (Path link : links) {
            Files.delete(link);
          }
        }
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          files.prefix() + ": cannot be linked for TensorFlow to read: " + e.getMessage(), e);
    }
  }

  private static String shardName(int shard, int shards) {
    return shards == 1 ? "linked" : String.format("linked-%05d-of-%05d", shard, shards);
  }

  private static void compare(
      CheckpointFiles files, Path prefix, Map<String, Contents.Signature> found) {
    String pattern =
        files.tables().size() == 1
            ? prefix.toString()
            : prefix + "-" + DIGIT.repeat(5) + String.format("-of-%05d", files.tables().size());
    try (CheckpointReader reader = new CheckpointReader(pattern)) {
      compare(files.prefix(), reader, found);
    } catch (TensorFlowException e) {
      throw new MalformedWeightsException(
          files.prefix() + ": TensorFlow's reader refuses it: " + e.reason());
    }
  }

  private static void compare(
      Path source, CheckpointReader reader, Map<String, Contents.Signature> found) {
    Set<String> names = new HashSet<>(reader.names());
    for (Map.Entry<String, Contents.Signature> entry : found.entrySet()) {
      String name = entry.getKey();
      if (!names.remove(name)) {
        throw differs(source, name, entry.getValue() + "", "nothing");
      }
      Optional<ElementType> type = ElementType.of(reader.dataTypeCode(name));
      long[] dims = reader.shape(name);
      if (!type.equals(Optional.of(entry.getValue().type()))
          || !Arrays.equals(dims, entry.getValue().shape().dims())) {
        String listed = type.map(ElementType::toString).orElse("?") + " " + Arrays.toString(dims);
        throw differs(source, name, entry.getValue().toString(), listed);
      }
    }
    for (String name : names) {
      throw differs(source, name, "nothing", "it");
    }
  }

  private static MalformedWeightsException differs(
      Path source, String name, String found, String listed) {
    return new MalformedWeightsException(
        source
            + ": "
            + Printable.of(name)
            + ": found "
            + found
            + ", TensorFlow's reader finds "
            + listed);
  }
}
