package dev.graft.containers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** The containers among the test resources, found by listing their folders. */
public final class Resources {
  /** What lies beside the containers: how they were made and what they hold. */
  private static final Set<String> NOTES = Set.of("txt", "json", "py", "md", "proto");

  /** The name of the folders, anywhere, in which every file must be refused. */
  public static final String REFUSED = "refused";

  private static final Set<String> OTHER_FOLDERS = Set.of("hostile", "dev", "META-INF");

  /** Where whole containers lie, as tools wrote them. */
  static final List<Path> ROOTS = roots();

  private Resources() {}

  /** Every folder of test resources but the hostile ones and the classes. */
  private static List<Path> roots() {
    try (Stream<Path> folders = Files.list(folder("golden").getParent())) {
      return folders
          .filter(Files::isDirectory)
          .filter(f -> !OTHER_FOLDERS.contains(f.getFileName().toString()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A folder of the test resources. */
  public static Path folder(String name) {
    URL url = Resources.class.getResource("/" + name);
    if (url == null) {
      throw new IllegalStateException("there is no test resource folder " + name);
    }
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All files that tools wrote, whole: each is a container, or a part of one in its folder. */
  static List<Path> wholeContainers() {
    return ROOTS.stream()
        .flatMap(root -> files(root).stream())
        .filter(file -> !file.getParent().endsWith(REFUSED))
        .toList();
  }

  /** The folders of files that are no containers, or ones of a kind that is refused. */
  public static List<Path> refusedFolders() {
    return ROOTS.stream()
        .flatMap(root -> files(root).stream())
        .map(Path::getParent)
        .filter(folder -> folder.endsWith(REFUSED))
        .distinct()
        .toList();
  }

  /** All files under a folder but the notes, in the order of their names. */
  static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).filter(f -> !isNote(f)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isNote(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    // An index that names the shards of a container is a part of it.
    return NOTES.contains(name.substring(name.lastIndexOf('.') + 1))
        && !name.endsWith(".index.json");
  }
}
