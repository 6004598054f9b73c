package dev.graft.weights.safetensors;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.UnsafeWeightsException;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Opens the files that an index names, and checks that they and the index list the same tensors.
 */
final class Shards {
  private static final int MAX_SHARDS = 10_000;
  private static final int SHOWN_PROBLEMS = 20;

  private final Path indexFile;
  private final ShardIndex index;
  private final Map<String, WeightStore> shards = new LinkedHashMap<>();

  private Shards(Path indexFile, ShardIndex index) {
    this.indexFile = indexFile;
    this.index = index;
  }

  static WeightStore open(Path indexFile) {
    ShardIndex index;
    try (MappedFile file = MappedFile.open(indexFile)) {
      index = ShardIndex.read(file);
    }
    Shards opened = new Shards(indexFile, index);
    try {
      return opened.store();
    } catch (RuntimeException | Error e) {
      opened.close();
      throw e;
    }
  }

  private WeightStore store() {
    for (String name : index.shardOf().values()) {
      if (!shards.containsKey(name)) {
        if (shards.size() == MAX_SHARDS) {
          throw new MalformedWeightsException(indexFile + ": more than " + MAX_SHARDS + " shards");
        }
        shards.put(name, new SafetensorsFormat().open(MappedFile.open(checked(name))));
      }
    }
    checkListed();
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    index.shardOf().forEach((name, shard) -> arrays.put(name, shards.get(shard).get(name)));
    return WeightStores.of(arrays, index.metadata(), indexFile.toString(), this::close);
  }

  /**
   * The shard's own path. Links are followed where they stay in the folder, or lead to where the
   * index itself really lies: download caches link the index and its shards into one folder.
   */
  private Path checked(String name) {
    String where = indexFile + ": the shard " + Printable.of(name);
    Path shard;
    Path real;
    boolean inside;
    try {
      shard = indexFile.resolveSibling(name);
      if (!Files.exists(shard)) {
        throw new MalformedWeightsException(where + " is not there");
      }
      real = shard.toRealPath();
      Path folder = indexFile.toAbsolutePath().getParent().toRealPath();
      Path folderOfIndex = indexFile.toRealPath().getParent();
      inside = folder.equals(real.getParent()) || folderOfIndex.equals(real.getParent());
    } catch (InvalidPathException e) {
      throw new MalformedWeightsException(where + " has a name that no file can have");
    } catch (IOException e) {
      throw MappedFile.unreadable(indexFile.resolveSibling(name), e);
    }
    if (!inside) {
      throw new UnsafeWeightsException(where + " is a link that leaves the folder, to " + real);
    }
    if (!Files.isRegularFile(real)) {
      throw new MalformedWeightsException(where + " is no regular file");
    }
    return shard;
  }

  private void checkListed() {
    List<String> problems = new ArrayList<>();
    index
        .shardOf()
        .forEach(
            (tensor, shard) -> {
              if (!shards.get(shard).contains(tensor)) {
                problems.add(Printable.of(tensor) + " is not in " + Printable.of(shard));
              }
            });
    shards.forEach(
        (shard, store) -> {
          for (String tensor : store.names()) {
            if (!shard.equals(index.shardOf().get(tensor))) {
              problems.add(
                  Printable.of(tensor) + " of " + Printable.of(shard) + " is not listed for it");
            }
          }
        });
    if (!problems.isEmpty()) {
      int shown = Math.min(SHOWN_PROBLEMS, problems.size());
      String rest = problems.size() == shown ? "" : "; and " + (problems.size() - shown) + " more";
      throw new MalformedWeightsException(
          indexFile
              + ": the index and its shards differ: "
              + String.join("; ", problems.subList(0, shown))
              + rest);
    }
  }

  private void close() {
    shards.values().forEach(WeightStore::close);
  }
}
