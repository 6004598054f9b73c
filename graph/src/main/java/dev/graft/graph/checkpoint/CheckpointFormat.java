package dev.graft.graph.checkpoint;

import dev.graft.weights.WeightFormat;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.io.MappedFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * TensorFlow checkpoints, V1 (one file, or several {@code PREFIX-?????-of-?????}) and V2 ({@code
 * PREFIX.index} and {@code PREFIX.data-?????-of-?????}). They are named by their prefix, by any of
 * their files, or by a folder that has one, or whose file {@code checkpoint} names one.
 *
 * <p>A file's structure is checked here, whole; then TensorFlow's own reader lists it, and has to
 * find the same. TensorFlow is loaded for that, and for no other format.
 *
 * <p>Arrays are used in place, but for V1's integers and halves, which have a varying length there
 * and are decoded when first used. Partitioned variables are joined. Strings, quantized numbers and
 * resources are other entries.
 */
public final class CheckpointFormat implements WeightFormat {
  @Override
  public String name() {
    return "tensorflow checkpoint";
  }

  @Override
  public boolean matches(Path path, ByteBuffer head) {
    return CheckpointFiles.isCheckpoint(path);
  }

  @Override
  public boolean matchesPrefix(Path path) {
    return CheckpointFiles.isCheckpoint(path);
  }

  @Override
  public WeightStore open(Path path) {
    List<MappedFile> opened = new ArrayList<>();
    try {
      CheckpointFiles files = CheckpointFiles.of(path);
      Contents contents = new Contents();
      for (Path table : files.tables()) {
        opened.add(MappedFile.open(table));
      }
      if (files.version() == 1) {
        SliceTables.read(List.copyOf(opened), contents);
      } else {
        BundleIndex index = BundleIndex.read(opened.get(0));
        BundleShards.read(index, files.prefix(), contents, opened);
      }
      RuntimeListing.compare(files, contents.signatures());
      return WeightStores.of(
          contents.arrays(),
          contents.others(),
          path.toString(),
          () -> opened.forEach(MappedFile::close));
    } catch (RuntimeException | Error e) {
      opened.forEach(MappedFile::close);
      throw e;
    }
  }
}
