package dev.graft.weights.torch;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.WeightStore;
import dev.graft.weights.io.BufferBytes;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.Printable;
import dev.graft.weights.pickle.Unpickler;
import dev.graft.weights.zip.DeflatedEntry;
import dev.graft.weights.zip.ZipDirectory;
import dev.graft.weights.zip.ZipEntry;
import dev.graft.weights.zip.ZipHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A zip archive: {@code DIR/data.pkl} is the object's pickle, {@code DIR/data/KEY} are its
 * storages, {@code DIR/byteorder} is theirs where it is there. Everything else, such as
 * TorchScript's code, is left alone.
 */
final class ZipForm {
  private static final String PICKLE = "data.pkl";
  private static final Pattern FIRST_ENTRY =
      Pattern.compile("data\\.pkl|data/[0-9]+|\\.format_version|\\.storage_alignment");

  /** More than any number of names and shapes takes; only deflated ones need room. */
  private static final long MAX_PICKLE = 1L << 28;

  private static final int LONGEST_BYTE_ORDER = 16;

  private final MappedFile file;
  private final Map<String, ZipEntry> entries = new HashMap<>();
  private final Map<String, StorageRun> runs = new HashMap<>();
  private String folder;
  private boolean bigEndian;

  ZipForm(MappedFile file) {
    this.file = file;
  }

  /**
   * Whether a file is such an archive. The entries that PyTorch puts first say so by their names;
   * after any other, as in an archive packed again by hand, the directory has to have the pickle.
   */
  static boolean matches(Path path, ByteBuffer head) {
    String first = ZipHead.firstName(head).orElse("");
    int slash = first.indexOf('/');
    if (slash < 0) {
      return false;
    }
    if (FIRST_ENTRY.matcher(first.substring(slash + 1)).matches()) {
      return true;
    }
    String pickle = first.substring(0, slash + 1) + PICKLE;
    try (MappedFile file = MappedFile.open(path)) {
      return ZipDirectory.read(file).stream().anyMatch(entry -> entry.name().equals(pickle));
    } catch (MalformedWeightsException e) {
      return false;
    }
  }

  WeightStore open() {
    for (ZipEntry entry : ZipDirectory.read(file)) {
      if (entry.headerStart() == 0) {
        folder = entry.name().substring(0, entry.name().indexOf('/') + 1);
      }
      if (entries.put(entry.name(), entry) != null) {
        throw error("entry " + Printable.of(entry.name()) + " is there twice");
      }
    }
    MappedFile pickle = folder == null ? null : pickle(entries.get(folder + PICKLE));
    if (pickle == null) {
      throw error("has no entry " + PICKLE + " in the folder of its first entry");
    }
    bigEndian = readByteOrder();
    StorageTable storages = StorageTable.zip();
    Object root = Unpickler.load(pickle, 0, TorchConstructors.with(storages));
    storages.storages().values().forEach(this::locate);
    return TorchLayout.store(root, file, storage -> runs.get(storage.key()));
  }

  private MappedFile pickle(ZipEntry entry) {
    if (entry == null) {
      return null;
    }
    if (!entry.deflated()) {
      return file.part(entry.dataStart(), entry.storedSize(), entry.name());
    }
    if (entry.size() > MAX_PICKLE) {
      throw error(
          String.format(
              "entry %s inflates to %d bytes, expected at most %d",
              Printable.of(entry.name()), entry.size(), MAX_PICKLE));
    }
    Optional<ByteBuffer> inflated = inflate(entry).bytes().slice(0, entry.size());
    return file.decoded(inflated.orElseThrow(), entry.name());
  }

  private boolean readByteOrder() {
    ZipEntry entry = entries.get(folder + "byteorder");
    if (entry == null) {
      return false;
    }
    ByteBuffer text = ByteBuffer.allocate((int) Math.min(LONGEST_BYTE_ORDER, entry.size()));
    if (entry.deflated()) {
      text = inflate(entry).prefix(text.capacity());
    } else {
      file.read(entry.dataStart(), text);
      text.flip();
    }
    String order = StandardCharsets.ISO_8859_1.decode(text).toString().strip();
    return switch (order) {
      case "little" -> false;
      case "big" -> true;
      default ->
          throw error("the byte order is " + Printable.of(order) + ", expected little or big");
    };
  }

  private void locate(TorchStorage storage) {
    ZipEntry entry = entries.get(folder + "data/" + storage.key());
    if (entry == null) {
      throw error("storage " + Printable.of(storage.key()) + " is not in the archive");
    }
    if (entry.size() != storage.fileBytes()) {
      throw error(
          String.format(
              "entry %s has %d bytes, expected %d of %d elements (%s)",
              Printable.of(entry.name()),
              entry.size(),
              storage.fileBytes(),
              storage.count(),
              storage.type()));
    }
    runs.put(storage.key(), run(entry));
  }

  private StorageRun run(ZipEntry entry) {
    if (entry.size() == 0) {
      return new StorageRun(new BufferBytes(ByteBuffer.allocateDirect(0)), 0, 0, bigEndian);
    }
    return entry.deflated()
        ? new StorageRun(inflate(entry).bytes(), 0, entry.size(), bigEndian)
        : new StorageRun(file, entry.dataStart(), entry.size(), bigEndian);
  }

  private DeflatedEntry inflate(ZipEntry entry) {
    return new DeflatedEntry(file, entry, file.source() + ": entry " + Printable.of(entry.name()));
  }

  private MalformedWeightsException error(String problem) {
    return new MalformedWeightsException(file.source() + ": " + problem);
  }
}
