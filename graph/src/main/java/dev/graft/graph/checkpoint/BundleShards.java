package dev.graft.graph.checkpoint;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.WeightArray;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.StoredArray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The data shards of a V2 checkpoint: runs of bytes without any structure of their own. Arrays are
 * used in place; their checksums are not compared, which would read every byte.
 */
final class BundleShards {
  private final BundleIndex index;
  private final List<MappedFile> files;

  private BundleShards(BundleIndex index, List<MappedFile> files) {
    this.index = index;
    this.files = files;
  }

  /**
   * Puts all tensors of a checkpoint into {@code contents}.
   *
   * @param prefix what the shards' names begin with
   * @param opened gets every file that is mapped
   */
  static void read(BundleIndex index, Path prefix, Contents contents, List<MappedFile> opened) {
    List<MappedFile> files = new ArrayList<>();
    for (int i = 0; i < index.shards(); i++) {
      Path path = CheckpointFiles.dataShard(prefix, i, index.shards());
      if (!Files.isRegularFile(path)) {
        throw new MalformedWeightsException(
            prefix
                + ".index: its data shard "
                + path.getFileName()
                + ", one of "
                + index.shards()
                + ", is not there");
      }
      MappedFile file = MappedFile.open(path);
      files.add(file);
      opened.add(file);
    }
    new BundleShards(index, files).readAll(contents);
  }

  private void readAll(Contents contents) {
    checkPlaces();
    index
        .variables()
        .forEach(
            (name, tensor) -> {
              if (tensor.type().dtype().isPresent()) {
                contents.array(name, tensor.type(), array(name, tensor));
              } else {
                contents.other(name, tensor.type(), tensor.shape(), text(tensor));
              }
            });
  }

  private void checkPlaces() {
    List<BundleIndex.Tensor> stored = new ArrayList<>(index.stored());
    stored.forEach(this::checkPlace);
    stored.removeIf(tensor -> tensor.size() == 0);
    stored.sort(
        Comparator.comparingInt(BundleIndex.Tensor::shard)
            .thenComparingLong(BundleIndex.Tensor::offset));
    for (int i = 1; i < stored.size(); i++) {
      BundleIndex.Tensor before = stored.get(i - 1);
      BundleIndex.Tensor tensor = stored.get(i);
      if (before.shard() == tensor.shard() && before.offset() + before.size() > tensor.offset()) {
        throw tensor
            .place()
            .error(
                tensor.label()
                    + " overlaps "
                    + before.label()
                    + " at byte "
                    + tensor.offset()
                    + " of "
                    + files.get(tensor.shard()).name());
      }
    }
  }

  private void checkPlace(BundleIndex.Tensor tensor) {
    MappedFile file = files.get(tensor.shard());
    int elementBytes = tensor.type().byteSize();
    long size = tensor.size();
    if (size < 0 || tensor.offset() < 0 || size > file.length() - tensor.offset()) {
      throw tensor
          .place()
          .error(
              tensor.label()
                  + ": its "
                  + size
                  + " bytes from byte "
                  + tensor.offset()
                  + " on go beyond "
                  + file.name()
                  + ", which ends at byte "
                  + file.length());
    }
    if (elementBytes > 0
        && (size % elementBytes != 0 || size / elementBytes != tensor.shape().elementCount())) {
      throw tensor
          .place()
          .error(
              tensor.label() + ": " + size + " bytes for " + tensor.type() + " " + tensor.shape());
    }
  }

  private WeightArray array(String name, BundleIndex.Tensor tensor) {
    if (!tensor.isPartitioned()) {
      return stored(tensor);
    }
    List<PartitionedArray.Part> parts = new ArrayList<>();
    for (TensorSlice slice : tensor.slices()) {
      parts.add(new PartitionedArray.Part(slice, stored(index.slice(name, slice))));
    }
    return PartitionedArray.join(
        tensor.type().dtype().orElseThrow(), tensor.shape(), parts, tensor.place(), tensor.label());
  }

  private WeightArray stored(BundleIndex.Tensor tensor) {
    return new StoredArray(
        files.get(tensor.shard()),
        tensor.offset(),
        tensor.type().dtype().orElseThrow(),
        tensor.shape(),
        false,
        false);
  }

  private String text(BundleIndex.Tensor tensor) {
    if (tensor.type() != ElementType.STRING || tensor.isPartitioned()) {
      return "";
    }
    MappedFile file = files.get(tensor.shard());
    long end = tensor.offset() + tensor.size();
    return Strings.ofBundle(
        new Cursor(file, file.source(), tensor.offset(), end),
        tensor.shape().rank() == 0,
        tensor.shape().elementCount(),
        tensor.label());
  }
}
