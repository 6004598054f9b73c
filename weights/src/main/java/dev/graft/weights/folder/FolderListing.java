package dev.graft.weights.folder;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.UnsafeWeightsException;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.Printable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds the .npy files of a folder and the names that their paths mean. */
final class FolderListing {
  /** Components that a name may have. */
  static final int MAX_DEPTH = 16;

  /** Each file is mapped, and Linux gives a process 65,530 mappings unless told otherwise. */
  static final int MAX_FILES = 50_000;

  private static final int MAX_ENTRIES = 2 * MAX_FILES;
  private static final int MAX_LOOKED_AT = 10_000;

  private final Path root;
  private final boolean strict;
  private final SortedMap<String, Path> files = new TreeMap<>();
  private final Deque<Level> folders = new ArrayDeque<>();
  private int entries;

  private FolderListing(Path root, boolean strict) {
    this.root = root;
    this.strict = strict;
  }

  /** A folder and what the names of the arrays in it begin with, up to and with the slash. */
  private record Level(Path folder, String prefix, int depth) {}

  /**
   * All .npy files by the name of their array, sorted.
   *
   * @throws MalformedWeightsException where anything else is there
   * @throws UnsafeWeightsException where a link leads out of the folder, or to a folder
   */
  static SortedMap<String, Path> of(Path root) {
    return of(root, false);
  }

  /**
   * As {@link #of(Path)}.
   *
   * @param strict whether hidden files and READMEs are an error too
   */
  static SortedMap<String, Path> of(Path root, boolean strict) {
    FolderListing listing = new FolderListing(root, strict);
    listing.folders.add(new Level(root, "", 1));
    while (!listing.folders.isEmpty()) {
      listing.list(listing.folders.remove());
    }
    return listing.files;
  }

  /** Whether there is an .npy file at any depth, among the nearest 10,000 files and folders. */
  static boolean hasArrays(Path root) {
    Deque<Path> folders = new ArrayDeque<>(List.of(root));
    int left = MAX_LOOKED_AT;
    while (!folders.isEmpty()) {
      List<Path> children;
      try {
        children = children(folders.remove(), left);
      } catch (UncheckedIOException e) {
        // It may still be a folder of another kind.
        continue;
      }
      left -= children.size();
      for (Path child : children) {
        String name = child.getFileName().toString();
        if (SideFiles.isHidden(name)) {
          continue;
        }
        if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
          folders.add(child);
        } else if (name.endsWith(ArrayPath.EXTENSION)) {
          return true;
        }
      }
    }
    return false;
  }

  private void list(Level level) {
    List<Path> children = children(level.folder(), MAX_ENTRIES - entries);
    entries += children.size();
    if (entries >= MAX_ENTRIES) {
      throw new MalformedWeightsException(
          root + ": a folder of " + MAX_ENTRIES + " or more files and folders is absurd");
    }
    for (Path child : children) {
      String name = child.getFileName().toString();
      if (!strict && SideFiles.isHidden(name)) {
        continue;
      }
      if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
        if (level.depth() == MAX_DEPTH) {
          throw error(child, "is a folder in " + MAX_DEPTH + " others, which is too deep");
        }
        String prefix = level.prefix() + decode(child, name) + "/";
        folders.add(new Level(child, prefix, level.depth() + 1));
      } else if (strict ? !SideFiles.isManifest(name) : !SideFiles.isSideFile(name)) {
        add(child, name, level.prefix());
      }
    }
  }

  private void add(Path file, String fileName, String prefix) {
    if (!fileName.endsWith(ArrayPath.EXTENSION)) {
      throw error(file, "is no .npy file; all files of the folder have to be");
    }
    checkRegular(file);
    String stem = fileName.substring(0, fileName.length() - ArrayPath.EXTENSION.length());
    String name = prefix + decode(file, stem);
    if (files.put(name, file) != null) {
      throw error(file, "is a second array of the name " + Printable.of(name));
    }
    if (files.size() > MAX_FILES) {
      throw new MalformedWeightsException(root + ": more than " + MAX_FILES + " .npy files");
    }
  }

  private void checkRegular(Path file) {
    if (Files.isSymbolicLink(file)) {
      try {
        if (!file.toRealPath().startsWith(root.toRealPath())) {
          throw new UnsafeWeightsException(
              root + ": " + shown(file) + " is a link that leaves the folder");
        }
      } catch (IOException e) {
        throw error(file, "is a link that leads nowhere");
      }
    }
    if (!Files.isRegularFile(file)) {
      throw error(file, "is no regular file");
    }
  }

  private String decode(Path file, String component) {
    Optional<String> part = ArrayPath.decodeComponent(component);
    return part.orElseThrow(
        () -> error(file, "has a % that is not followed by the two digits of a UTF-8 byte"));
  }

  private MalformedWeightsException error(Path file, String problem) {
    return new MalformedWeightsException(root + ": " + shown(file) + " " + problem);
  }

  private String shown(Path file) {
    return Printable.of(root.relativize(file).toString());
  }

  /** The first files and folders in a folder. */
  private static List<Path> children(Path folder, int most) {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      for (Path child : stream) {
        if (children.size() == most) {
          break;
        }
        children.add(child);
      }
    } catch (DirectoryIteratorException e) {
      throw MappedFile.unreadable(folder, e.getCause());
    } catch (IOException e) {
      throw MappedFile.unreadable(folder, e);
    }
    children.sort(null);
    return children;
  }
}
