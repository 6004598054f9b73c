package dev.graft.weights.folder;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightFormat;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.npy.NpyHeader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A folder, with subfolders, of .npy files of one numeric array each. The names are sorted: a
 * folder has no other order.
 */
public final class NpyFolderFormat implements WeightFormat {
  @Override
  public String name() {
    return "npy folder";
  }

  /** A folder with an .npy file at any depth. */
  @Override
  public boolean matches(Path path, ByteBuffer head) {
    return Files.isDirectory(path) && FolderListing.hasArrays(path);
  }

  @Override
  public WeightStore open(Path path) {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    List<MappedFile> opened = new ArrayList<>();
    FolderListing.of(path)
        .forEach(
            (name, file) -> {
              MappedFile mapped = MappedFile.open(file);
              opened.add(mapped);
              arrays.put(name, array(mapped));
            });
    return WeightStores.of(arrays, path.toString(), () -> opened.forEach(MappedFile::close));
  }

  private static WeightArray array(MappedFile file) {
    NpyHeader header = NpyHeader.read(file, 0, file.length(), file.source());
    if (header.holdsObjects()) {
      throw new MalformedWeightsException(
          file.source()
              + ": holds pickled objects (dtype |O); in a folder of .npy files each has one numeric"
              + " array");
    }
    return header.array(file, 0, file.length());
  }
}
