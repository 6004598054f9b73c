package dev.graft.graph;

import dev.graft.mapping.MappedArray;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the cache knows of one weight file: which constants its arrays became. It spares the second
 * start the reading and hashing of all weights. It is looked up by the file's path, inode, size,
 * time of modification and time of change, so a file that was written to is a new file.
 *
 * <p>The entries are text, a line an array: transform, shape, SHA-256 and key, separated by tabs.
 */
final class ConstantsIndex {
  /**
   * Times of files are as coarse as this on some file systems: a file that changed less than this
   * before it was read may change again without looking different, and is not remembered.
   */
  private static final long RACY_MILLIS = 2_000;

  private final Path file;
  private final Path source;
  private final String identity;
  private final Map<String, String> entries = new TreeMap<>();
  private boolean changed;

  private ConstantsIndex(Path file, Path source, String identity) {
    this.file = file;
    this.source = source;
    this.identity = identity;
  }

  /** The index of a weight file; of a folder there is none. */
  static Optional<ConstantsIndex> open(ConstantsCache cache, Path source) {
    try {
      if (!Files.isRegularFile(source)) {
        return Optional.empty();
      }
      String identity = identity(source);
      byte[] hash = ConstantsCache.digest().digest(identity.getBytes(StandardCharsets.UTF_8));
      Path file = cache.folder().resolve("index").resolve(HexFormat.of().formatHex(hash) + ".txt");
      ConstantsIndex index = new ConstantsIndex(file, source, identity);
      if (Files.exists(file)) {
        for (String line : Files.readAllLines(file)) {
          String[] parts = line.split("\t", 4);
          if (parts.length == 4) {
            index.entries.put(key(parts[3], parts[0], parts[1]), parts[2]);
          }
        }
      }
      return Optional.of(index);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + source + ": " + e.getMessage(), e);
    }
  }

  /** Whether any constant was made of this array: then its values were checked as well. */
  synchronized boolean knows(String key) {
    return entries.keySet().stream().anyMatch(entry -> entry.endsWith("\t" + key));
  }

  synchronized Optional<String> sha256(MappedArray array) {
    return Optional.ofNullable(entries.get(key(array)));
  }

  synchronized void put(MappedArray array, String sha256) {
    entries.put(key(array), sha256);
    changed = true;
  }

  /** Writes what is new, unless the source has changed meanwhile or may change unseen. */
  synchronized void save() {
    if (!changed) {
      return;
    }
    try {
      FileTime modified = Files.getLastModifiedTime(source);
      if (modified.toMillis() > System.currentTimeMillis() - RACY_MILLIS
          || !identity.equals(identity(source))) {
        return;
      }
      StringBuilder text = new StringBuilder();
      entries.forEach(
          (key, sha256) -> {
            String[] parts = key.split("\t", 3);
            text.append(String.join("\t", parts[0], parts[1], sha256, parts[2])).append('\n');
          });
      Files.createDirectories(file.getParent());
      Path temporary = Files.createTempFile(file.getParent(), "writing-", ".tmp");
      Files.writeString(temporary, text);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      changed = false;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private static String key(MappedArray array) {
    return key(array.key(), array.transform().toString(), array.shape().toString());
  }

  private static String key(String key, String transform, String shape) {
    return transform + "\t" + shape + "\t" + key;
  }

  private static String identity(Path source) throws IOException {
    Path real = source.toRealPath();
    Map<String, Object> attributes;
    try {
      attributes = Files.readAttributes(real, "unix:ino,dev,size,lastModifiedTime,ctime");
    } catch (UnsupportedOperationException e) {
      attributes = Files.readAttributes(real, "size,lastModifiedTime,creationTime");
    }
    return real + "\n" + new TreeMap<>(attributes);
  }
}
