package dev.graft.graph;

import dev.graft.weights.Shape;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;

/**
 * Frozen fully connected kernels rounded to bfloat16, in the constants cache. A file is named by
 * the SHA-256 of the kernel's float32 values and the version of the rounding, {@code
 * HASH.bf16-1.bin}, and holds nothing but the values, little-endian, in C order.
 */
final class Bfloat16Kernels {
  /** To be counted up when {@link Bfloat16} rounds differently. */
  private static final String SUFFIX = ".bf16-1.bin";

  private static final Pattern DENSE = Pattern.compile("(.*/)?fc[678]/kernel");
  private static final int CHUNK = 1 << 18;

  private final ConstantsCache cache;
  private final Kernels kernels;

  Bfloat16Kernels(ConstantsCache cache, Kernels kernels) {
    this.cache = cache;
    this.kernels = kernels;
  }

  /**
   * Whether a parameter is read as bfloat16: the kernels of fc6, fc7 and fc8. Those of a head's
   * layers have no size worth it.
   */
  static boolean wants(Kernels kernels, String name, Shape shape) {
    return DENSE.matcher(name).matches() && shape.rank() == 4 && kernels.bfloat16Dense();
  }

  /** The same with the kernels that this one is for. */
  boolean wants(String name, Shape shape) {
    return wants(kernels, name, shape);
  }

  /** The rounded form, if the cache has it. */
  Optional<Path> find(Constant constant) {
    return cache.find(constant.sha256() + SUFFIX, constant.bfloat16ByteSize());
  }

  /**
   * Gives constants their rounded forms, made if they are not there yet.
   *
   * @param progress is told the float32 bytes of every kernel that had to be rounded
   * @throws java.io.UncheckedIOException where the cache cannot be written
   */
  void addTo(Map<String, Constant> constants, LongConsumer progress) {
    constants.replaceAll(
        (name, constant) -> {
          if (!wants(name, constant.shape())) {
            return constant;
          }
          Optional<Path> found = find(constant);
          if (found.isPresent()) {
            return constant.roundedIn(found.get());
          }
          Path file = cache.put(constant.sha256() + SUFFIX, target -> round(constant, target));
          progress.accept(constant.byteSize());
          return constant.roundedIn(file);
        });
  }

  /** In pieces: fc6 alone is 392 MiB. */
  private static void round(Constant constant, FileChannel target) throws IOException {
    ByteBuffer source = ByteBuffer.allocateDirect(CHUNK * Float.BYTES);
    ByteBuffer rounded = ByteBuffer.allocateDirect(CHUNK * Short.BYTES);
    source.order(ByteOrder.LITTLE_ENDIAN);
    rounded.order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel file = FileChannel.open(constant.file(), StandardOpenOption.READ)) {
      long left = constant.byteSize();
      while (left > 0) {
        source.clear().limit((int) Math.min(source.capacity(), left));
        left -= source.limit();
        while (source.hasRemaining()) {
          if (file.read(source) < 0) {
            throw new EOFException(
                constant.file() + " must have " + constant.byteSize() + " bytes, is shorter");
          }
        }
        source.flip();
        rounded.clear();
        while (source.hasRemaining()) {
          rounded.putShort(Bfloat16.round(source.getInt()));
        }
        rounded.flip();
        while (rounded.hasRemaining()) {
          target.write(rounded);
        }
      }
    }
  }
}
