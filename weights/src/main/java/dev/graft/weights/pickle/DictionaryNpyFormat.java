package dev.graft.weights.pickle;

import dev.graft.weights.FileFormat;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.npy.NpyHeader;
import dev.graft.weights.npy.PickledHead;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;

/** An .npy file that holds a pickled dictionary of arrays. */
public final class DictionaryNpyFormat implements FileFormat {
  @Override
  public String name() {
    return "dictionary npy";
  }

  @Override
  public boolean matches(Path path, ByteBuffer head) {
    return PickledHead.isIn(head);
  }

  @Override
  public WeightStore open(MappedFile file) {
    String source = file.source();
    NpyHeader header = NpyHeader.read(file, 0, file.length(), source);
    if (!header.holdsObjects() || header.shape().rank() != 0) {
      throw new MalformedWeightsException(
          source
              + ": an object array of shape "
              + header.shape()
              + ", expected one of shape () that holds a dictionary");
    }
    Object root = Unpickler.load(file, header.dataStart());
    Map<String, WeightArray> arrays = DictionaryLayout.arrays(root, source);
    return WeightStores.of(arrays, source, file::close);
  }
}
