package dev.graft.weights.npy;

import dev.graft.weights.FileFormat;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.io.MappedFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;

/**
 * An .npy file of one numeric array. The file has no name for it: the store's only name is the
 * file's name without a last {@code .npy}. What has .npy's magic bytes but is no dictionary is
 * taken for one, broken or not.
 */
public final class NpyFormat implements FileFormat {
  private static final String EXTENSION = ".npy";

  @Override
  public String name() {
    return "npy";
  }

  @Override
  public boolean matches(Path path, ByteBuffer head) {
    return NpyHeader.hasMagic(head) && !PickledHead.isIn(head);
  }

  @Override
  public WeightStore open(MappedFile file) {
    NpyHeader header = NpyHeader.read(file, 0, file.length(), file.source());
    WeightArray array = header.array(file, 0, file.length());
    return WeightStores.of(Map.of(stem(file.name()), array), file.source(), file::close);
  }

  private static String stem(String name) {
    return name.endsWith(EXTENSION) ? name.substring(0, name.length() - EXTENSION.length()) : name;
  }
}
