package dev.graft.containers;

import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A copy of a container, one file of which is changed again and again.
 *
 * @param file the copy of that file
 * @param entrance what is opened: the file itself, or what it is a part of
 */
record Specimen(Path file, Path entrance) {
  /** In the name of the file by which a container of several files is opened. */
  private static final String INDEX = ".index";

  /**
   * Copies a container.
   *
   * @param root the resource folder: what lies directly in it belongs to a container with the files
   *     that have the same name up to the first dot, what lies deeper with all of its subfolder
   * @param original the file that is to be changed
   * @param scratch an empty folder
   */
  static Specimen of(Path root, Path original, Path scratch) {
    String top = root.relativize(original).getName(0).toString();
    boolean alone = original.getParent().equals(root);
    List<Path> candidates = new ArrayList<>();
    for (Path part : Resources.files(root)) {
      Path relative = root.relativize(part);
      String name = relative.getName(0).toString();
      if (alone ? relative.getNameCount() == 1 && stem(name).equals(stem(top)) : name.equals(top)) {
        Path copy = copy(part, scratch.resolve(relative.toString()));
        if (copy.getFileName().toString().contains(INDEX)) {
          candidates.add(copy);
        }
      }
    }
    Path file = scratch.resolve(root.relativize(original).toString());
    candidates.remove(file);
    candidates.add(0, alone ? scratch : scratch.resolve(top));
    candidates.add(0, file);
    return new Specimen(file, entrance(candidates));
  }

  private static String stem(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  private static Path copy(Path from, Path to) {
    try {
      Files.createDirectories(to.getParent());
      return Files.copy(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path entrance(List<Path> candidates) {
    WeightsException first = null;
    for (Path candidate : candidates) {
      try (WeightStore store = WeightStore.open(candidate)) {
        Reading.touch(store);
        return candidate;
      } catch (WeightsException e) {
        first = first == null ? e : first;
      }
    }
    throw first;
  }

  /**
   * Gives the file this content.
   *
   * @return what is to be opened then
   */
  Path with(byte[] bytes) {
    try {
      // A new file each time: a mapped one must not be truncated.
      Files.delete(file);
      Files.write(file, bytes);
      return entrance;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Cuts the file, which writes less than to write it anew. Nothing reads an earlier mapping of it
   * any more.
   *
   * @return what is to be opened then
   */
  Path cutTo(long length) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(length);
      return entrance;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
