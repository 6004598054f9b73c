package dev.graft.weights.npz;

import dev.graft.weights.FileFormat;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.io.BufferBytes;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.Printable;
import dev.graft.weights.npy.NpyHeader;
import dev.graft.weights.zip.DeflatedEntry;
import dev.graft.weights.zip.ZipDirectory;
import dev.graft.weights.zip.ZipEntry;
import dev.graft.weights.zip.ZipHead;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A zip archive of .npy files, each an array named as its entry without {@code .npy}. Stored
 * entries are used in place, without a look at their checksums, which would read every byte;
 * deflated ones are inflated, and checked, when first used.
 */
public final class NpzFormat implements FileFormat {
  private static final String EXTENSION = ".npy";

  @Override
  public String name() {
    return "npz";
  }

  /** An empty archive, or one whose first entry is an .npy: other formats are zip archives too. */
  @Override
  public boolean matches(Path path, ByteBuffer head) {
    if (ZipHead.isEmptyArchive(head)) {
      return true;
    }
    // Without a first name it is cut short, or has a name of kilobytes: opening it says what is
    // wrong.
    return ZipHead.isArchive(head)
        && ZipHead.firstName(head).map(name -> name.endsWith(EXTENSION)).orElse(true);
  }

  @Override
  public WeightStore open(MappedFile file) {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    for (ZipEntry entry : ZipDirectory.read(file)) {
      String source = file.source() + ": entry " + Printable.of(entry.name());
      if (!entry.name().endsWith(EXTENSION)) {
        throw new MalformedWeightsException(source + " is no .npy");
      }
      String name = entry.name().substring(0, entry.name().length() - EXTENSION.length());
      if (arrays.put(name, array(file, entry, source)) != null) {
        throw new MalformedWeightsException(source + " is there twice");
      }
    }
    return WeightStores.of(arrays, file.source(), file::close);
  }

  private static WeightArray array(MappedFile file, ZipEntry entry, String source) {
    if (!entry.deflated()) {
      NpyHeader header = NpyHeader.read(file, entry.dataStart(), entry.dataEnd(), source);
      refuseObjects(header);
      return header.array(file, entry.dataStart(), entry.dataEnd());
    }
    DeflatedEntry deflated = new DeflatedEntry(file, entry, source);
    NpyHeader header = inflatedHeader(deflated, entry, source);
    refuseObjects(header);
    return header.array(deflated.bytes(), 0, entry.size());
  }

  private static NpyHeader inflatedHeader(DeflatedEntry deflated, ZipEntry entry, String source) {
    ByteBuffer prefix = deflated.prefix(NpyHeader.MAX_LENGTH);
    boolean endsEarly = prefix.limit() < Math.min(NpyHeader.MAX_LENGTH, entry.size());
    long end = endsEarly ? prefix.limit() : entry.size();
    return NpyHeader.read(new BufferBytes(prefix), 0, end, source);
  }

  private static void refuseObjects(NpyHeader header) {
    if (header.holdsObjects()) {
      throw new MalformedWeightsException(
          header.source()
              + " holds pickled objects (dtype |O); they are read from a dictionary .npy only, not"
              + " from an npz");
    }
  }
}
