package dev.graft.graph.checkpoint;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.io.MappedFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which files make up a checkpoint.
 *
 * @param version 1 or 2
 * @param prefix of a V2 or a sharded V1 checkpoint; else the file itself
 * @param tables the index of V2, or all files of V1
 */
record CheckpointFiles(int version, Path prefix, List<Path> tables) {
  static final String INDEX = ".index";

  private static final Pattern DATA_SHARD = Pattern.compile("(.+)\\.data-\\d{5}-of-\\d{5}");
  private static final Pattern V1_SHARD = Pattern.compile("(.+)-\\d{5}-of-(\\d{5})");

  /** Whether a path, there or not, leads to a checkpoint. Looks at files' ends only. */
  static boolean isCheckpoint(Path path) {
    if (path.getFileName() == null) {
      return false;
    }
    if (Table.isTable(path) || bundlePrefix(path).isPresent() || isBundle(path)) {
      return true;
    }
    return Files.isDirectory(path)
        ? !CheckpointFolder.prefixes(path).isEmpty()
        : !Files.exists(path) && (hasIndex(path) || !shardCounts(path).isEmpty());
  }

  /**
   * The checkpoint that a path leads to: a prefix, any of its files, or a folder with one.
   *
   * @throws MalformedWeightsException where it leads to none, or to several
   */
  static CheckpointFiles of(Path path) {
    if (Files.isDirectory(path)) {
      List<Path> prefixes = CheckpointFolder.prefixes(path);
      return prefixes.isEmpty() && isBundle(path)
          ? bundle(path)
          : of(CheckpointFolder.choose(path, prefixes));
    }
    if (Files.isRegularFile(path)) {
      Optional<Path> prefix = bundlePrefix(path);
      return prefix.isPresent() ? bundle(prefix.get()) : ofTable(path);
    }
    return hasIndex(path) ? bundle(path) : sharded(path);
  }

  /** The index of a V2 checkpoint. */
  static Path index(Path prefix) {
    return beside(prefix, INDEX);
  }

  /** A data shard of a V2 checkpoint. */
  static Path dataShard(Path prefix, int shard, int shards) {
    return beside(prefix, String.format(".data-%05d-of-%05d", shard, shards));
  }

  /** A file's name without what is added for one of several files. */
  static Path withoutShard(Path file) {
    Matcher shard = V1_SHARD.matcher(file.getFileName().toString());
    return shard.matches() ? file.resolveSibling(shard.group(1)) : file;
  }

  private static CheckpointFiles bundle(Path prefix) {
    return new CheckpointFiles(2, prefix, List.of(index(prefix)));
  }

  private static CheckpointFiles ofTable(Path path) {
    String name = path.getFileName().toString();
    try (MappedFile file = MappedFile.open(path)) {
      if (BundleIndex.isIndex(Table.read(file))) {
        if (!name.endsWith(INDEX) || name.equals(INDEX)) {
          throw new MalformedWeightsException(
              path
                  + ": is the index of a TensorFlow checkpoint, which has to be called PREFIX.index"
                  + " for its data shards PREFIX.data-?????-of-????? to be found");
        }
        return bundle(path.resolveSibling(name.substring(0, name.length() - INDEX.length())));
      }
    }
    Matcher shard = V1_SHARD.matcher(name);
    if (shard.matches()) {
      return shards(path.resolveSibling(shard.group(1)), Integer.parseInt(shard.group(2)));
    }
    return new CheckpointFiles(1, path, List.of(path));
  }

  private static CheckpointFiles sharded(Path prefix) {
    SortedSet<Integer> counts = shardCounts(prefix);
    if (counts.isEmpty()) {
      throw MappedFile.unreadable(prefix, new NoSuchFileException(prefix.toString()));
    }
    if (counts.size() > 1) {
      throw new MalformedWeightsException(
          prefix
              + ": begins the names of several checkpoints, of "
              + counts
              + " files; name one of the files");
    }
    return shards(prefix, counts.first());
  }

  private static CheckpointFiles shards(Path prefix, int count) {
    if (count < 1 || count > BundleIndex.MAX_SHARDS) {
      throw new MalformedWeightsException(
          prefix + ": " + count + " files, expected 1 to " + BundleIndex.MAX_SHARDS);
    }
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path file = beside(prefix, String.format("-%05d-of-%05d", i, count));
      if (!Table.isTable(file)) {
        throw new MalformedWeightsException(
            file + ": expected the checkpoint's file " + i + " of " + count + " here");
      }
      files.add(file);
    }
    return new CheckpointFiles(1, prefix, files);
  }

  /** What the numbers at the end of files' names say that there are, for a V1 prefix. */
  private static SortedSet<Integer> shardCounts(Path prefix) {
    SortedSet<Integer> counts = new TreeSet<>();
    Path folder = prefix.toAbsolutePath().getParent();
    String start = prefix.getFileName().toString();
    DirectoryStream.Filter<Path> isShard =
        file -> {
          Matcher shard = V1_SHARD.matcher(file.getFileName().toString());
          return shard.matches() && shard.group(1).equals(start) && Table.isTable(file);
        };
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, isShard)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        counts.add(Integer.parseInt(name.substring(name.length() - 5)));
      }
    } catch (IOException e) {
      // A folder that is not there or cannot be listed has no checkpoint to be found.
      counts.clear();
    }
    return counts;
  }

  /** The prefix that a data shard belongs to: it has no content that would tell what it is. */
  private static Optional<Path> bundlePrefix(Path path) {
    Matcher shard = DATA_SHARD.matcher(path.getFileName().toString());
    return shard.matches()
        ? Optional.of(path.resolveSibling(shard.group(1))).filter(CheckpointFiles::isBundle)
        : Optional.empty();
  }

  /** Whether there is a file where a prefix has its index, broken perhaps. */
  private static boolean hasIndex(Path prefix) {
    return Files.isRegularFile(index(prefix));
  }

  private static boolean isBundle(Path prefix) {
    return Table.isTable(index(prefix));
  }

  private static Path beside(Path prefix, String suffix) {
    return prefix.resolveSibling(prefix.getFileName() + suffix);
  }
}
