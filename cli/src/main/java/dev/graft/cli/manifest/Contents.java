package dev.graft.cli.manifest;

import dev.graft.mapping.NameMapping;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightStore;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The hashes of what is on the disk; several are computed at a time. */
public final class Contents {
  private Contents() {}

  /**
   * A container with the hash of each file.
   *
   * @param files by their names in the container
   */
  public static Manifest.Container container(Path path, String format, Map<String, Path> files) {
    List<FileHash> hashes =
        List.copyOf(files.entrySet()).parallelStream()
            .map(file -> FileHash.of(file.getKey(), file.getValue()))
            .toList();
    Path name = path.toAbsolutePath().normalize().getFileName();
    return new Manifest.Container(String.valueOf(name), format, hashes);
  }

  /** All arrays of a store with their hashes, in its order. */
  public static List<Manifest.Array> arrays(WeightStore store) {
    return store.names().parallelStream().map(name -> array(name, store.get(name))).toList();
  }

  /** A table with the hash of its text; null for none. */
  public static Manifest.Table table(NameMapping table) {
    return table == null ? null : new Manifest.Table(table.name(), FileHash.ofText(table.text()));
  }

  private static Manifest.Array array(String name, WeightArray array) {
    List<Long> shape = Arrays.stream(array.shape().dims()).boxed().toList();
    return new Manifest.Array(name, array.dtype().toString(), shape, WeightArrays.sha256(array));
  }
}
