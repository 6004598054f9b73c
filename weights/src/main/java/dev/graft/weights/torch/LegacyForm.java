package dev.graft.weights.torch;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.WeightStore;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.Printable;
import dev.graft.weights.pickle.PyDict;
import dev.graft.weights.pickle.PyList;
import dev.graft.weights.pickle.PythonValues;
import dev.graft.weights.pickle.Unpickler;
import java.util.HashMap;
import java.util.Map;

/**
 * What {@code torch.save} wrote before 1.6: pickles one after the other (a magic number, the
 * protocol 1001, facts about the system, the object, the list of its storages' keys), then each
 * storage: how many elements it has, eight bytes, and the elements. All little-endian, whatever the
 * system was.
 */
final class LegacyForm {
  private static final long PROTOCOL = 1001;

  private final MappedFile file;
  private final Map<String, StorageRun> runs = new HashMap<>();
  private long position;

  LegacyForm(MappedFile file) {
    this.file = file;
  }

  /**
   * Opens it.
   *
   * @param start where the pickle after the magic number begins
   */
  WeightStore open(long start) {
    position = start;
    Object protocol = next(PersistentIds::none);
    if (!Long.valueOf(PROTOCOL).equals(protocol)) {
      throw error(
          "the protocol is "
              + PythonValues.scalarText(protocol).orElse(PythonValues.kind(protocol))
              + ", expected "
              + PROTOCOL);
    }
    Object system = next(PersistentIds::none);
    if (!(system instanceof PyDict)) {
      throw error(
          "the third pickle is of the type "
              + PythonValues.kind(system)
              + ", expected a dictionary");
    }
    StorageTable storages = StorageTable.legacy();
    Object root = next(storages);
    Object keys = next(PersistentIds::none);
    if (!(keys instanceof PyList list)) {
      throw error(
          "the fifth pickle is of the type "
              + PythonValues.kind(keys)
              + ", expected a list of keys");
    }
    for (Object item : list.items()) {
      readStorage(PythonValues.string(item).orElse(null), storages.storages());
    }
    if (position != file.length()) {
      throw error(
          (file.length() - position)
              + " trailing bytes after the last storage, at byte "
              + position);
    }
    for (String key : storages.storages().keySet()) {
      if (!runs.containsKey(key)) {
        throw error("storage " + Printable.of(key) + " is not in the list of keys");
      }
    }
    return TorchLayout.store(root, file, storage -> runs.get(storage.key()));
  }

  private Object next(PersistentIds ids) {
    Unpickler.Loaded loaded = Unpickler.loadNext(file, position, TorchConstructors.with(ids));
    position = loaded.end();
    return loaded.value();
  }

  private void readStorage(String key, Map<String, TorchStorage> storages) {
    TorchStorage storage = key == null ? null : storages.get(key);
    if (storage == null) {
      throw error("the list of keys has one that no tensor uses: " + Printable.of("" + key));
    }
    StorageRun run =
        StorageBlock.at(file, position, storage.type(), "storage " + Printable.of(key));
    if (run.length() != storage.fileBytes()) {
      throw error(
          String.format(
              "storage %s has %d bytes at byte %d, expected %d",
              Printable.of(key), run.length(), run.start(), storage.fileBytes()));
    }
    if (runs.put(key, run) != null) {
      throw error("storage " + Printable.of(key) + " is there twice");
    }
    position = run.start() + run.length();
  }

  private MalformedWeightsException error(String problem) {
    return new MalformedWeightsException(file.source() + ": " + problem);
  }
}
