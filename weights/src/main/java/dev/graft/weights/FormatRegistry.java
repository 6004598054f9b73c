package dev.graft.weights;

import dev.graft.weights.io.MappedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** Finds the format that knows a file. */
final class FormatRegistry {
  private static final int HEAD_BYTES = 4096;

  private FormatRegistry() {}

  /** Looked up once: that takes longer than reading a small file. */
  private static final class Registered {
    // This class's loader, not the thread's: embedders run on threads with any context loader.
    static final List<WeightFormat> FORMATS =
        ServiceLoader.load(WeightFormat.class, WeightFormat.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
  }

  static Optional<FileFormat> recognise(MappedFile file) {
    ByteBuffer head = ByteBuffer.allocate((int) Math.min(HEAD_BYTES, file.length()));
    file.read(0, head);
    head.flip();
    for (WeightFormat format : Registered.FORMATS) {
      if (format instanceof FileFormat known && known.matches(file.path(), head.duplicate())) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }

  static WeightFormat recognise(Path path) {
    if (!Files.exists(path)) {
      for (WeightFormat format : Registered.FORMATS) {
        if (format.matchesPrefix(path)) {
          return format;
        }
      }
      throw MappedFile.unreadable(path, new NoSuchFileException(path.toString()));
    }
    ByteBuffer head = head(path);
    List<String> names = new ArrayList<>();
    for (WeightFormat format : Registered.FORMATS) {
      if (format.matches(path, head.duplicate())) {
        return format;
      }
      names.add(format.name());
    }
    String known = "; formats that are read: " + String.join(", ", names);
    if (Files.isDirectory(path)) {
      throw new MalformedWeightsException(
          path + ": is a folder, but not one that holds weights" + known);
    }
    throw new MalformedWeightsException(path + ": " + UnknownContent.describe(head) + known);
  }

  private static ByteBuffer head(Path path) {
    if (Files.isDirectory(path)) {
      return ByteBuffer.allocate(0);
    }
    if (!Files.isRegularFile(path)) {
      throw new MalformedWeightsException(path + ": is neither a regular file nor a folder");
    }
    ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      while (head.hasRemaining() && channel.read(head) >= 0) {}
    } catch (IOException e) {
      throw MappedFile.unreadable(path, e);
    }
    if (head.position() == 0) {
      throw new MalformedWeightsException(path + ": the file is empty");
    }
    return head.flip().asReadOnlyBuffer();
  }
}
