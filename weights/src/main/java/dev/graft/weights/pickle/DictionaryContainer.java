package dev.graft.weights.pickle;

import dev.graft.weights.ContainerWriter;
import dev.graft.weights.WeightStore;
import dev.graft.weights.io.AtomicOutput;
import dev.graft.weights.npy.NpyWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Writes a dictionary .npy that {@code numpy.load(path, allow_pickle=True).item()} gives back, on
 * Python 3: pickle protocol 3, the first with a bytes type, or 4 where an array has 4 GiB or more.
 * Protocol 2, which Python 2 reads too, could hold the bytes only as text of up to twice their
 * length.
 */
abstract class DictionaryContainer implements ContainerWriter {
  /** The dictionary's entries in this layout. */
  abstract Map<String, DictionaryGroups.Entry> entries(WeightStore store, String destination);

  /** None: a layout is asked for by name. */
  @Override
  public List<String> extensions() {
    return List.of();
  }

  @Override
  public final void write(Path destination, WeightStore store, LongConsumer progress) {
    Map<String, DictionaryGroups.Entry> entries = entries(store, destination.toString());
    entries.keySet().forEach(key -> PickleNames.requireReadable(key, destination));
    for (String name : store.names()) {
      NpyWriter.requireNumpyType(store.get(name).dtype(), name, destination.toString());
    }
    try (AtomicOutput out = new AtomicOutput(destination, progress)) {
      new DictionaryPickle(store, out).write(entries);
      out.commit();
    }
  }
}
