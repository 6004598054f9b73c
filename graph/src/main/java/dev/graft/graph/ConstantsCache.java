package dev.graft.graph;

import dev.graft.capi.Tensor;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * A folder of raw tensors that graphs map as constants, each named by the SHA-256 of its bytes, and
 * of other forms that own operations take, named by the raw tensor's (see {@link PackedKernels} and
 * {@link Bfloat16Kernels}). A file is written under a temporary name, made read-only and renamed,
 * so it is whole or not there; several processes may use the folder at once. Files are removed,
 * least recently used first, when the folder grows above its limit; a process that has one mapped
 * keeps it.
 */
public final class ConstantsCache {
  /** 8 GiB: ten full VGG16s, packed kernels included. */
  private static final long DEFAULT_LIMIT_BYTES = 8L << 30;

  private static final int CHUNK_BYTES = 8 << 20;

  /** A temporary file that nobody has written to for this long was left by a killed process. */
  private static final long STALE_MILLIS = 3_600_000;

  private final Path folder;
  private final long limitBytes;

  /**
   * A file that was asked for this recently is about to be mapped, here or in another process, and
   * is not removed even if the cache is above its limit.
   */
  private static final long IN_USE_MILLIS = 60_000;

  /**
   * A cache in this folder, which is made when first needed.
   *
   * @param limitBytes what the files may take together
   */
  public ConstantsCache(Path folder, long limitBytes) {
    this.folder = folder.toAbsolutePath();
    this.limitBytes = limitBytes;
  }

  /**
   * The user's cache: the folder in the environment variable {@code GRAFT_CACHE}, else {@code
   * $XDG_CACHE_HOME/graft}, else {@code ~/.cache/graft}; its limit in GiB in {@code
   * GRAFT_CACHE_GIB}, else 8.
   */
  public static ConstantsCache ofUser() {
    String chosen = System.getenv("GRAFT_CACHE");
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path folder =
        chosen != null && !chosen.isBlank()
            ? Path.of(chosen)
            : xdg != null && !xdg.isBlank()
                ? Path.of(xdg, "graft")
                : Path.of(System.getProperty("user.home"), ".cache", "graft");
    return new ConstantsCache(folder, limitBytes(System.getenv("GRAFT_CACHE_GIB")));
  }

  private static long limitBytes(String gib) {
    if (gib == null || gib.isBlank()) {
      return DEFAULT_LIMIT_BYTES;
    }
    try {
      return (long) (Double.parseDouble(gib) * (1L << 30));
    } catch (NumberFormatException e) {
      throw new GraphException(
          "the environment variable GRAFT_CACHE_GIB is not a number of GiB: '" + gib + "'", e);
    }
  }

  /** Where the files are. */
  public Path folder() {
    return folder;
  }

  /** What the files may take together, in bytes. */
  public long limitBytes() {
    return limitBytes;
  }

  /** What the files take together, in bytes. */
  public long usedBytes() {
    return list(constantsFolder()).stream().mapToLong(Entry::bytes).sum();
  }

  /** The file with these bytes, if it is there and has the length that it must have. */
  Optional<Constant> find(String name, Shape shape, String sha256) {
    Constant constant = new Constant(name, shape, file(sha256), sha256);
    try {
      if (Files.size(constant.file()) != constant.byteSize()) {
        return Optional.empty();
      }
      touch(constant.file());
      return Optional.of(constant);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("read", constant.file(), e);
    }
  }

  /** The file with this name, if it is there and has the length that it must have. */
  Optional<Path> find(String file, long bytes) {
    Path path = constantsFolder().resolve(file);
    if (path.toFile().length() != bytes) {
      return Optional.empty();
    }
    touch(path);
    return Optional.of(path);
  }

  /** The files whose names begin like this. */
  List<Path> find(String prefix) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(constantsFolder(), prefix + "*.bin")) {
      files.forEach(found::add);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException | DirectoryIteratorException e) {
      throw failed("read", constantsFolder(), new IOException(e.getMessage(), e));
    }
    return found;
  }

  /** Writes an array's bytes, unless a file has them already. */
  Constant put(String name, WeightArray array) {
    Path file = put(temporary -> write(array, temporary) + ".bin");
    String sha256 = file.getFileName().toString().replace(".bin", "");
    return new Constant(name, array.shape(), file, sha256);
  }

  /** Writes a tensor's bytes into a file with this name, unless it has them already. */
  Path put(String file, Tensor tensor) {
    return put(
        file,
        channel -> {
          ByteBuffer bytes = tensor.bytes();
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
  }

  /** Writes the bytes of a file. */
  interface Body {
    void write(FileChannel channel) throws IOException;
  }

  /** Writes a file with this name, unless there is one of the same length. */
  Path put(String file, Body body) {
    return put(
        temporary -> {
          try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            body.write(channel);
            channel.force(false);
          }
          return file;
        });
  }

  /** Writes a file and says what it is to be called. */
  private interface Content {
    String write(Path temporary) throws IOException;
  }

  private Path put(Content content) {
    Path temporary = null;
    try {
      Files.createDirectories(constantsFolder());
      temporary = Files.createTempFile(constantsFolder(), "writing-", ".tmp");
      Path file = constantsFolder().resolve(content.write(temporary));
      // One that others have mapped stays: they share its memory.
      if (file.toFile().length() == Files.size(temporary)) {
        touch(file);
        return file;
      }
      readOnly(temporary);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      return file;
    } catch (IOException e) {
      throw failed("write", constantsFolder(), e);
    } finally {
      delete(temporary);
    }
  }

  /**
   * Gives frozen kernels the packed forms that own convolutions take, made where they are not there
   * yet. Where the cache cannot be written they are left as they are, and packed in each process.
   * Then gives fully connected ones their bfloat16 forms, where the kernels are {@link
   * Kernels#withBfloat16Dense}; these have to be written.
   *
   * @param constants by name; those that have such a form are replaced
   * @param progress is told the bytes of every kernel that had to be packed or rounded
   * @throws UncheckedIOException where a bfloat16 form cannot be written
   * @throws GraphException where bfloat16 is chosen and own operations cannot be used
   */
  public void pack(Map<String, Constant> constants, Kernels kernels, LongConsumer progress) {
    new PackedKernels(this, kernels).addTo(constants, progress);
    new Bfloat16Kernels(this, kernels).addTo(constants, progress);
  }

  /**
   * Puts a constant's file into another folder under its hash: a hard link where the file system
   * allows it, else a copy.
   */
  static Constant place(Constant constant, Path target) {
    Path file = target.resolve(constant.sha256() + ".bin");
    try {
      if (!Files.exists(file)) {
        try {
          Files.createLink(file, constant.file());
        } catch (IOException | UnsupportedOperationException e) {
          Path temporary = target.resolve(constant.sha256() + ".tmp");
          Files.copy(constant.file(), temporary, StandardCopyOption.REPLACE_EXISTING);
          readOnly(temporary);
          Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        }
      }
      return constant.in(file);
    } catch (IOException e) {
      throw failed("write", file, e);
    }
  }

  /** The SHA-256 of a file's bytes. */
  static String sha256(Path file) {
    MessageDigest digest = digest();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
      while (channel.read(chunk) >= 0) {
        chunk.flip();
        digest.update(chunk);
        chunk.clear();
      }
    } catch (IOException e) {
      throw failed("read", file, e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Removes the files that were not used for the longest time, until the rest is in the limit. */
  public void trim() {
    List<Entry> entries = list(constantsFolder());
    entries.sort(Comparator.comparing(Entry::used));
    long total = entries.stream().mapToLong(Entry::bytes).sum();
    for (Entry entry : entries) {
      boolean stale =
          entry.file().toString().endsWith(".tmp")
              && entry.used().toMillis() < System.currentTimeMillis() - STALE_MILLIS;
      boolean surplus =
          total > limitBytes
              && entry.file().toString().endsWith(".bin")
              && entry.used().toMillis() < System.currentTimeMillis() - IN_USE_MILLIS;
      if (stale || surplus) {
        delete(entry.file());
        total -= entry.bytes();
      }
    }
  }

  private record Entry(Path file, long bytes, FileTime used) {}

  private static List<Entry> list(Path folder) {
    List<Entry> entries = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return entries;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        try {
          entries.add(new Entry(file, Files.size(file), Files.getLastModifiedTime(file)));
        } catch (NoSuchFileException removed) {
          // By another process: it takes no room any more.
        }
      }
    } catch (IOException e) {
      throw failed("read", folder, e);
    }
    return entries;
  }

  private Path constantsFolder() {
    return folder.resolve("constants");
  }

  private Path file(String sha256) {
    return constantsFolder().resolve(sha256 + ".bin");
  }

  private static String write(WeightArray array, Path file) throws IOException {
    MessageDigest digest = digest();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer chunk =
          ByteBuffer.allocateDirect((int) Math.min(CHUNK_BYTES, Math.max(4, array.byteSize())));
      for (long offset = 0; offset < array.byteSize(); offset += chunk.limit()) {
        chunk.clear().limit((int) Math.min(chunk.capacity(), array.byteSize() - offset));
        array.read(offset, chunk);
        chunk.flip();
        digest.update(chunk.duplicate());
        while (chunk.hasRemaining()) {
          channel.write(chunk);
        }
      }
      channel.force(false);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static void touch(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
    } catch (IOException e) {
      // A cache that is shared read-only cannot be touched: its files only look older than they
      // are.
      return;
    }
  }

  private static void readOnly(Path file) throws IOException {
    try {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    } catch (UnsupportedOperationException e) {
      if (!file.toFile().setReadOnly()) {
        throw new IOException("cannot make " + file + " read-only", e);
      }
    }
  }

  private static void delete(Path file) {
    if (file == null) {
      return;
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException inTheWay) {
      // It stays until the next trim; nothing depends on its absence.
    }
  }

  private static UncheckedIOException failed(String verb, Path path, IOException e) {
    return new UncheckedIOException(
        "cannot " + verb + " the frozen weights in " + path + ": " + e.getMessage(), e);
  }
}
