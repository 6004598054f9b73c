package dev.graft.weights.caffe;

import dev.graft.weights.FileFormat;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.io.MappedFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A {@code .caffemodel}. The arrays of a layer are {@code layer[0]}, {@code layer[1]}, ... (most
 * often the kernel and the bias), in Caffe's own shapes: kernels as output, input, height, width;
 * in files of the old form always four dimensions, {@code [1, 1, 1, 64]} for a bias. The network's
 * name and the layers with their types are other entries.
 */
public final class CaffeFormat implements FileFormat {
  @Override
  public String name() {
    return "caffe";
  }

  /** There is no magic number: it begins as a network with a layer that has a name and a type. */
  @Override
  public boolean matches(Path path, ByteBuffer head) {
    return NetHead.isIn(head);
  }

  @Override
  public WeightStore open(MappedFile file) {
    Net net = Net.read(file);
    return WeightStores.of(net.arrays(), net.others(), file.source(), file::close);
  }
}
