package dev.graft.weights.hdf5;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.io.Printable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Where the datasets lie in the file: no two of them at the same bytes. */
final class Extents {
  private final Metadata metadata;
  private final List<Extent> extents = new ArrayList<>();

  Extents(Metadata metadata) {
    this.metadata = metadata;
  }

  private record Extent(String path, long start, long size) {}

  void add(String path, long start, long size) {
    extents.add(new Extent(path, start, size));
  }

  void check() {
    extents.sort(Comparator.comparingLong(Extent::start));
    for (int i = 1; i < extents.size(); i++) {
      Extent before = extents.get(i - 1);
      Extent after = extents.get(i);
      if (after.start() - before.start() < before.size()) {
        throw new MalformedWeightsException(
            metadata.file().source()
                + ": byte "
                + metadata.position(after.start())
                + ": the datasets "
                + Printable.of(before.path())
                + " and "
                + Printable.of(after.path())
                + " overlap");
      }
    }
  }
}
