package dev.graft.weights.archive;

import dev.graft.weights.FileFormat;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.UnsafeWeightsException;
import dev.graft.weights.WeightFormat;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightsException;
import dev.graft.weights.io.MappedFile;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Opens what has been extracted; messages name the archive instead of the temporary folder. */
final class Extracted {
  private Extracted() {}

  /**
   * Opens a file or folder.
   *
   * @param root the folder that the archive was extracted to
   * @param source what messages call the archive
   */
  static WeightStore open(Path path, Path root, String source) {
    try {
      return Files.isDirectory(path) ? openFolder(path) : WeightFormat.of(path).open(path);
    } catch (UnsafeWeightsException e) {
      throw causedBy(e, new UnsafeWeightsException(named(e, root, source)));
    } catch (MalformedWeightsException e) {
      throw causedBy(e, new MalformedWeightsException(named(e, root, source)));
    } catch (WeightsException e) {
      throw new WeightsException(named(e, root, source), e);
    } catch (UncheckedIOException e) {
      throw new UncheckedIOException(named(e, root, source), e.getCause());
    }
  }

  private static WeightStore openFolder(Path folder) {
    WeightFormat format;
    try {
      format = WeightFormat.of(folder);
    } catch (MalformedWeightsException e) {
      // Formats of several files can be known by each of them.
      Path member = member(folder).orElseThrow(() -> e);
      return WeightFormat.of(member).open(member);
    }
    return format.open(folder);
  }

  /** A file of a format that is more than this file. */
  private static Optional<Path> member(Path folder) {
    try (Stream<Path> children = Files.list(folder)) {
      List<Path> files = children.filter(Files::isRegularFile).sorted().toList();
      return files.stream().filter(Extracted::isMember).findFirst();
    } catch (IOException e) {
      throw MappedFile.unreadable(folder, e);
    }
  }

  private static boolean isMember(Path file) {
    try {
      return !(WeightFormat.of(file) instanceof FileFormat);
    } catch (MalformedWeightsException e) {
      return false;
    }
  }

  private static String named(RuntimeException e, Path root, String source) {
    return e.getMessage()
        .replace(root + File.separator, source + ": ")
        .replace(root.toString(), source);
  }

  private static <E extends RuntimeException> E causedBy(RuntimeException cause, E effect) {
    effect.initCause(cause);
    return effect;
  }
}
