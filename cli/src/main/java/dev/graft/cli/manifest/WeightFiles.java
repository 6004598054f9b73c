package dev.graft.cli.manifest;

import dev.graft.weights.WeightArray.FileRegion;
import dev.graft.weights.WeightStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which files a container is made of. */
public final class WeightFiles {
  private static final int MAX_DEPTH = 16;

  /** What follows the prefix of a sharded file, or of a TensorFlow checkpoint. */
  private static final Pattern SHARD =
      Pattern.compile("(.+?)(\\.index|(\\.data)?-\\d{5}-of-\\d{5})");

  private WeightFiles() {}

  /**
   * The files of a container that is at, or would be written to, a path: the file itself, all files
   * of a folder, or all files of a checkpoint given by its prefix or by one of them. By their names
   * as seen from the container's folder, in order; empty where there are none.
   */
  public static Map<String, Path> of(Path path) {
    Map<String, Path> files = new TreeMap<>();
    try {
      if (Files.isDirectory(path)) {
        try (Stream<Path> all = Files.walk(path, MAX_DEPTH)) {
          all.filter(Files::isRegularFile).forEach(file -> files.put(name(path, file), file));
        }
      } else {
        addShards(path, files);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": its files cannot be listed", e);
    }
    return files;
  }

  /**
   * The files of an open container: those of its path, and those beside it that its arrays lie in,
   * which an index names. (What an archive was unpacked to lies elsewhere, and is none of them.)
   */
  public static Map<String, Path> of(Path path, WeightStore store) {
    Map<String, Path> files = of(path);
    Path folder = real(path).getParent();
    Set<Path> known = real(files.values());
    for (String name : store.names()) {
      store
          .get(name)
          .region()
          .map(FileRegion::file)
          .filter(file -> real(file).getParent().equals(folder) && known.add(real(file)))
          .ifPresent(file -> files.put(file.getFileName().toString(), file));
    }
    return files;
  }

  /**
   * Whether writing a container would replace one of some files: the one at its path, in the folder
   * there, or of the checkpoint there.
   */
  public static boolean wouldReplace(Path destination, Collection<Path> files) {
    Set<Path> written = new LinkedHashSet<>();
    written.add(real(destination));
    if (!Files.isDirectory(destination)) {
      written.addAll(real(of(destination).values()));
    }
    return real(files).stream().anyMatch(file -> written.stream().anyMatch(file::startsWith));
  }

  private static void addShards(Path path, Map<String, Path> files) throws IOException {
    if (Files.isRegularFile(path)) {
      files.put(path.getFileName().toString(), path);
    }
    Path folder = path.toAbsolutePath().getParent();
    if (path.getFileName() == null || folder == null || !Files.isDirectory(folder)) {
      return;
    }
    String prefix = prefix(path.getFileName().toString());
    try (Stream<Path> siblings = Files.list(folder)) {
      for (Path file : (Iterable<Path>) siblings::iterator) {
        String name = file.getFileName().toString();
        Matcher shard = SHARD.matcher(name);
        if (shard.matches() && shard.group(1).equals(prefix) && Files.isRegularFile(file)) {
          files.put(name, file);
        }
      }
    }
  }

  private static String prefix(String name) {
    Matcher shard = SHARD.matcher(name);
    return shard.matches() ? shard.group(1) : name;
  }

  private static String name(Path folder, Path file) {
    Path base = folder.toAbsolutePath().normalize();
    Path absolute = file.toAbsolutePath().normalize();
    return absolute.startsWith(base)
        ? String.join("/", names(base.relativize(absolute)))
        : file.getFileName().toString();
  }

  private static List<String> names(Path relative) {
    return Stream.iterate(0, i -> i < relative.getNameCount(), i -> i + 1)
        .map(i -> relative.getName(i).toString())
        .toList();
  }

  private static Set<Path> real(Collection<Path> files) {
    Set<Path> real = new LinkedHashSet<>();
    files.forEach(file -> real.add(real(file)));
    return real;
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      // Not there: then its own name is the one it will have.
      return file.toAbsolutePath().normalize();
    }
  }
}
