package dev.graft.weights.hdf5;

import dev.graft.weights.FileFormat;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.io.MappedFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * HDF5 files: the weights and whole models of Keras 1, 2 and 3, and any other file of numeric
 * datasets. Opening walks through the groups and reads no elements. Elements that lie in one run
 * are used in place; chunks are decoded when first used.
 */
public final class Hdf5Format implements FileFormat {
  @Override
  public String name() {
    return "HDF5";
  }

  @Override
  public boolean matches(Path path, ByteBuffer head) {
    return Superblock.find(head).isPresent();
  }

  @Override
  public WeightStore open(MappedFile file) {
    Tree tree = TreeReader.read(Superblock.read(file));
    KerasNames names = new KerasNames(tree, file.source());
    return WeightStores.of(names.arrays(), names.others(), file.source(), file::close);
  }
}
