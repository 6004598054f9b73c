package dev.graft.graph;

import dev.graft.capi.DataType;
import dev.graft.capi.Graph;
import dev.graft.capi.Output;
import dev.graft.capi.Session;
import dev.graft.capi.SessionOptions;
import dev.graft.capi.Tensor;
import dev.graft.weights.Shape;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Frozen 3×3 kernels in the form that own convolutions take, in the constants cache. A file is
 * named by the SHA-256 of the kernel's values, the format of packed kernels (version and
 * instruction set) and the number of its floats: {@code HASH.packed-1-AVX2-2359304.bin}.
 */
final class PackedKernels {
  private final ConstantsCache cache;
  private final Kernels kernels;
  private final boolean own;

  PackedKernels(ConstantsCache cache, Kernels kernels) {
    this.cache = cache;
    this.kernels = kernels;
    this.own = kernels.areOwn();
  }

  /** Whether a parameter of this shape is packed: the kernel of a 3×3 convolution. */
  boolean wants(Shape shape) {
    return own && shape.rank() == 4 && shape.dim(0) == 3 && shape.dim(1) == 3;
  }

  /** The packed form, if the cache has it. */
  Optional<PackedKernel> find(Constant constant) {
    String prefix = prefix(constant);
    for (Path file : cache.find(prefix)) {
      String name = file.getFileName().toString();
      String floats = name.substring(prefix.length(), name.length() - ".bin".length());
      if (floats.matches("[0-9]{1,15}")) {
        PackedKernel packed = new PackedKernel(file, Long.parseLong(floats));
        if (packed.isWhole()) {
          ConstantsCache.touch(file);
          return Optional.of(packed);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Gives constants their packed forms, made if they are not there yet.
   *
   * @param progress is told the bytes of every kernel that had to be packed
   */
  void addTo(Map<String, Constant> constants, LongConsumer progress) {
    constants.replaceAll(
        (name, constant) -> {
          if (!wants(constant.shape())) {
            return constant;
          }
          Optional<PackedKernel> found = find(constant);
          if (found.isEmpty()) {
            found = make(constant);
            progress.accept(constant.byteSize());
          }
          return constant.packedAs(found);
        });
  }

  /** Packs a constant into the cache; nothing where the cache cannot be written. */
  private Optional<PackedKernel> make(Constant constant) {
    // In the sessions' own threads, and on this processor: the network may run on another thread.
    SessionOptions options = kernels.options().withInterOpThreads(-1).withDeviceCpuOnly(true);
    try (Graph graph = new Graph()) {
      Ops ops = new Ops(graph, kernels);
      Output kernel =
          ops.mapped(
              "kernel",
              DataType.FLOAT,
              constant.shape().dims(),
              constant.file().toAbsolutePath().toString());
      Output packed = new KernelOps(ops).pack("packed", kernel, false);
      try (Session session = new Session(graph, options);
          Tensor tensor = session.runner().fetch(packed).runOne()) {
        String name = prefix(constant) + tensor.elementCount() + ".bin";
        return Optional.of(new PackedKernel(cache.put(name, tensor), tensor.elementCount()));
      } catch (UncheckedIOException e) {
        // A cache that others fill, or a full disk: it is then packed in each process.
        return Optional.empty();
      }
    }
  }

  private String prefix(Constant constant) {
    return constant.sha256() + ".packed-" + kernels.format() + "-";
  }
}
