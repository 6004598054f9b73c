package dev.graft.weights.npy;

import dev.graft.weights.FileFormat;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.io.MappedFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An .npy file of one numeric array, or of several, one after the other. The file has no name for
 * it: the store's only name is the file's name without a last {@code .npy}; of several they are
 * {@code name[0]}, {@code name[1]}, ... What has .npy's magic bytes but is no dictionary is taken
 * for one, broken or not.
 */
public final class NpyFormat implements FileFormat {
  private static final String EXTENSION = ".npy";
  private static final int MAX_ARRAYS = 50_000;

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
    List<WeightArray> arrays = new ArrayList<>(1);
    for (long start = 0; start < file.length() || arrays.isEmpty(); ) {
      if (arrays.size() == MAX_ARRAYS) {
        throw new MalformedWeightsException(
            file.source() + ": more than " + MAX_ARRAYS + " arrays one after the other");
      }
      String source =
          start == 0
              ? file.source()
              : file.source() + ": array " + arrays.size() + ", from byte " + start + " on";
      NpyHeader header = NpyHeader.read(file, start, file.length(), source);
      if (header.holdsObjects()) {
        throw new MalformedWeightsException(
            source
                + ": holds pickled objects, which are read only where the file has nothing else");
      }
      long end = header.endBeforeNext(file, file.length());
      arrays.add(header.array(file, start, end));
      start = end;
    }
    return WeightStores.of(named(stem(file.name()), arrays), file.source(), file::close);
  }

  private static Map<String, WeightArray> named(String stem, List<WeightArray> arrays) {
    Map<String, WeightArray> named = new LinkedHashMap<>();
    for (int i = 0; i < arrays.size(); i++) {
      named.put(arrays.size() == 1 ? stem : stem + "[" + i + "]", arrays.get(i));
    }
    return named;
  }

  private static String stem(String name) {
    return name.endsWith(EXTENSION) ? name.substring(0, name.length() - EXTENSION.length()) : name;
  }
}
