package dev.graft.weights.archive;

import dev.graft.weights.OtherEntry;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import java.util.List;

/** A store of extracted files, which go when it is closed. */
record ArchiveStore(WeightStore store, String source, TemporaryFolder folder)
    implements WeightStore {
  @Override
  public List<String> names() {
    return store.names();
  }

  @Override
  public boolean contains(String name) {
    return store.contains(name);
  }

  @Override
  public WeightArray get(String name) {
    return store.get(name);
  }

  @Override
  public List<OtherEntry> others() {
    return store.others();
  }

  @Override
  public void close() {
    try {
      store.close();
    } finally {
      folder.close();
    }
  }
}
