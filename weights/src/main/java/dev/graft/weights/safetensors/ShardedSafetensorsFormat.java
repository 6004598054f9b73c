package dev.graft.weights.safetensors;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.WeightFormat;
import dev.graft.weights.WeightStore;
import dev.graft.weights.io.MappedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Tensors split over several safetensors files: the JSON index that says which file holds which
 * tensor, or a folder with one {@code *.safetensors.index.json}. The names have the index's order.
 */
public final class ShardedSafetensorsFormat implements WeightFormat {
  private static final String INDEX_SUFFIX = ".safetensors.index.json";
  private static final int HEAD_BYTES = 4096;

  @Override
  public String name() {
    return "sharded safetensors";
  }

  @Override
  public boolean matches(Path path, ByteBuffer head) {
    return Files.isDirectory(path) ? !indexes(path).isEmpty() : ShardIndex.isIndex(head);
  }

  @Override
  public WeightStore open(Path path) {
    if (!Files.isDirectory(path)) {
      return Shards.open(path);
    }
    List<Path> indexes = indexes(path);
    if (indexes.size() != 1) {
      throw new MalformedWeightsException(
          path
              + ": the folder has "
              + indexes.size()
              + " safetensors indexes, expected one: "
              + String.join(", ", indexes.stream().map(i -> i.getFileName().toString()).toList()));
    }
    return Shards.open(indexes.get(0));
  }

  /** The index files that stand in a folder, sorted. */
  private static List<Path> indexes(Path folder) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + INDEX_SUFFIX)) {
      for (Path file : files) {
        if (Files.isRegularFile(file) && ShardIndex.isIndex(head(file))) {
          found.add(file);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw MappedFile.unreadable(folder, e.getCause());
    } catch (IOException e) {
      throw MappedFile.unreadable(folder, e);
    }
    found.sort(null);
    return found;
  }

  private static ByteBuffer head(Path file) {
    ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (head.hasRemaining() && channel.read(head) >= 0) {}
    } catch (IOException e) {
      throw MappedFile.unreadable(file, e);
    }
    return head.flip();
  }
}
