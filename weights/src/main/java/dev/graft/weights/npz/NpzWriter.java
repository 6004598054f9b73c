package dev.graft.weights.npz;

import dev.graft.weights.ContainerWriter;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.io.AtomicOutput;
import dev.graft.weights.npy.NpyWriter;
import dev.graft.weights.zip.ZipWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;

/** Writes .npz files, their entries stored, in the store's order. */
public final class NpzWriter implements ContainerWriter {
  @Override
  public String name() {
    return "npz";
  }

  @Override
  public String description() {
    return "numpy archive, arrays stored";
  }

  @Override
  public List<String> extensions() {
    return List.of(".npz");
  }

  @Override
  public void write(Path destination, WeightStore store, LongConsumer progress) {
    for (String name : store.names()) {
      NpyWriter.requireNumpyType(store.get(name).dtype(), name, destination.toString());
    }
    try (AtomicOutput out = new AtomicOutput(destination, progress)) {
      ZipWriter zip = new ZipWriter(out, destination.toString());
      for (String name : store.names()) {
        WeightArray array = store.get(name);
        zip.entry(name + ".npy", NpyWriter.header(array, destination.toString()), array);
      }
      zip.finish();
      out.commit();
    }
  }
}
