package dev.graft.weights.hdf5;

import dev.graft.weights.ContainerWriter;
import dev.graft.weights.DType;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightsException;
import dev.graft.weights.hdf5.OutputTree.Node;
import dev.graft.weights.io.AtomicOutput;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Writes HDF5 files in the layout of Keras' weight files: the first part of a name is the layer,
 * the rest the weight's name in it. A name of one part is a dataset beside the layers, which Keras
 * does not look at. All structures come first; then the elements, each array in one run that begins
 * at a multiple of 64 bytes.
 */
public final class KerasH5Writer implements ContainerWriter {
  private static final int SUPERBLOCK_BYTES = 48;
  private static final int ALIGNMENT = 64;

  /** The backend and the version by whose rules kernels are laid out as they are here. */
  private static final String BACKEND = "tensorflow";

  private static final String KERAS_VERSION = "2.2.4";

  @Override
  public String name() {
    return "keras-h5";
  }

  @Override
  public String description() {
    return "HDF5 in the layout of Keras' weight files";
  }

  @Override
  public List<String> extensions() {
    return List.of(".h5", ".hdf5");
  }

  @Override
  public void write(Path destination, WeightStore store, LongConsumer progress) {
    OutputTree tree = OutputTree.of(store, destination.toString());
    long end = place(tree, destination);
    try (AtomicOutput out = new AtomicOutput(destination, progress)) {
      out.write(superblock(tree.root().address, end));
      for (Node node : tree.nodes()) {
        pad(out, node.address);
        out.write(header(tree, node));
      }
      for (Node node : tree.nodes()) {
        if (node.array != null && node.array.byteSize() > 0) {
          pad(out, node.dataAddress);
          out.write(node.array);
        }
      }
      out.commit();
    }
  }

  /** Gives every header and array its place and tells where the file ends. */
  private static long place(OutputTree tree, Path destination) {
    long at = SUPERBLOCK_BYTES;
    for (Node node : tree.nodes()) {
      node.address = align(at, Long.BYTES);
      // Addresses that are not known yet do not change its size.
      int size = header(tree, node).length;
      if (size > Limits.HEADER_BYTES) {
        throw new WeightsException(destination + ": has too many names in one group");
      }
      at = node.address + size;
    }
    for (Node node : tree.nodes()) {
      if (node.array != null && node.array.byteSize() > 0) {
        node.dataAddress = align(at, ALIGNMENT);
        at = Math.addExact(node.dataAddress, node.array.byteSize());
      }
    }
    return at;
  }

  private static byte[] superblock(long root, long end) {
    return new FileBytes()
        .put(Superblock.SIGNATURE)
        .u8(2, Long.BYTES, Long.BYTES, 0)
        .u64(0)
        .u64(Metadata.UNDEFINED)
        .u64(end)
        .u64(root)
        .checksum()
        .toArray();
  }

  private static byte[] header(OutputTree tree, Node node) {
    HeaderBytes header = new HeaderBytes();
    if (node.array != null) {
      header.dataset(node.array, node.dataAddress);
      if (node.array.dtype() == DType.BFLOAT16) {
        header.text("dtype", "bfloat16");
      }
      return header.toArray();
    }
    header.group(node.children.size());
    int order = 0;
    for (Map.Entry<String, Node> child : node.children.entrySet()) {
      header.link(child.getKey(), order, child.getValue().address);
      order++;
    }
    if (node == tree.root()) {
      header.texts("layer_names", tree.layers());
      header.text("backend", BACKEND).text("keras_version", KERAS_VERSION);
    } else if (!node.weights.isEmpty()) {
      header.texts("weight_names", node.weights);
    }
    return header.toArray();
  }

  private static void pad(AtomicOutput out, long position) {
    out.write(new byte[(int) (position - out.position())]);
  }

  private static long align(long at, int to) {
    return Math.addExact(at, to - 1) / to * to;
  }
}
