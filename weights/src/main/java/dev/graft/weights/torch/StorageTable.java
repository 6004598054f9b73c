package dev.graft.weights.torch;

import dev.graft.weights.io.Printable;
import dev.graft.weights.pickle.PyNone;
import dev.graft.weights.pickle.PyTuple;
import dev.graft.weights.pickle.PythonValues;
import dev.graft.weights.pickle.Unpickler;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The storages that a pickle names, by their ids: {@code ('storage', class, key, location, count)},
 * and in the legacy form a sixth element, None or {@code (key, first, count)} of a view. What is
 * said of one storage in several places has to agree.
 */
final class StorageTable implements PersistentIds {
  private final int idSize;
  private final Map<String, TorchStorage> storages = new LinkedHashMap<>();

  private StorageTable(int idSize) {
    this.idSize = idSize;
  }

  /** For a zip archive. */
  static StorageTable zip() {
    return new StorageTable(5);
  }

  /** For a legacy file. */
  static StorageTable legacy() {
    return new StorageTable(6);
  }

  /** The storages in the file, by their keys, in the order first named. */
  Map<String, TorchStorage> storages() {
    return storages;
  }

  @Override
  public Object resolve(Object id, Unpickler machine) {
    if (!(id instanceof PyTuple tuple) || tuple.size() == 0) {
      throw machine.malformed("a persistent id that is no tuple");
    }
    String kind = PythonValues.string(tuple.get(0)).orElse("");
    if (!kind.equals("storage")) {
      throw machine.malformed("a persistent id of the kind " + Printable.of(kind));
    }
    if (tuple.size() != idSize
        || !(tuple.get(1) instanceof StorageType type)
        || !(tuple.get(4) instanceof Long count)) {
      throw machine.malformed("a storage's id that is not its class, key, location and length");
    }
    String key = PythonValues.string(tuple.get(2)).orElse(null);
    if (key == null) {
      throw machine.malformed("a storage whose key is no string");
    }
    TorchStorage storage = storage(key, type, count, machine);
    return idSize == 6 ? view(storage, tuple.get(5), machine) : storage;
  }

  private TorchStorage storage(String key, StorageType type, long count, Unpickler machine) {
    if (type.dtype() == null) {
      throw machine.malformed("a storage of the class " + type + ", which is not read");
    }
    if (count < 0 || count > Long.MAX_VALUE / type.dtype().byteSize()) {
      throw machine.malformed("a storage of " + count + " elements");
    }
    TorchStorage storage = new TorchStorage(key, type, count, 0, count);
    TorchStorage before = storages.putIfAbsent(key, storage);
    if (before != null && !before.equals(storage)) {
      throw machine.malformed(
          String.format(
              "a storage %s of %d elements (%s) that was of %d (%s) before",
              Printable.of(key), count, type, before.count(), before.type()));
    }
    return storage;
  }

  private static TorchStorage view(TorchStorage root, Object metadata, Unpickler machine) {
    if (metadata == PyNone.NONE) {
      return root;
    }
    if (!(metadata instanceof PyTuple view)
        || view.size() != 3
        || !(view.get(1) instanceof Long first)
        || !(view.get(2) instanceof Long count)) {
      throw machine.malformed("a view of a storage that is not its key, offset and length");
    }
    if (first < 0 || count < 0 || count > root.fileCount() || first > root.fileCount() - count) {
      throw machine.malformed(
          String.format(
              "a view of %d elements from %d on of a storage of %d",
              count, first, root.fileCount()));
    }
    return new TorchStorage(root.key(), root.type(), root.fileCount(), first, count);
  }
}
