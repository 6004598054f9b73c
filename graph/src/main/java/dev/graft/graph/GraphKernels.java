package dev.graft.graph;

import dev.graft.capi.DataType;
import dev.graft.capi.Output;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a graph has of Graft's own operations. Ops of all scopes of the graph share it. One thread.
 *
 * <p>An <em>anchor</em> stands for an output of an own operation or for what is read of a variable:
 * operations of TensorFlow's take it instead of the output itself, which only own operations take.
 * So there is an end for TensorFlow's part of the gradients on every way back, before an operation
 * that it has no gradient for.
 */
final class GraphKernels {
  private record Pack(Output kernel, boolean flip) {}

  private final Kernels kernels;
  private final Map<Output, Output> behind = new HashMap<>();
  private final Map<Output, PackedKernel> files = new HashMap<>();
  private final Map<Output, Path> bfloat16Files = new HashMap<>();
  private final Map<Output, Output> bfloat16s = new HashMap<>();
  private final Map<Pack, Output> packs = new HashMap<>();
  private final List<OwnOperation> operations = new ArrayList<>();
  private final Set<Output> variables = new HashSet<>();
  private final Dependence dependence = new Dependence(this, variables);

  /** Asked for only once: most graphs have no network. */
  private Boolean own;

  private int threads;

  GraphKernels(Kernels kernels) {
    this.kernels = kernels;
  }

  /** Whether networks of this graph are built with own operations. */
  boolean areOwn() {
    if (own == null) {
      own = kernels.areOwn();
    }
    return own;
  }

  /** How many threads an own operation may use. */
  int threads() {
    if (threads == 0) {
      threads = kernels.threads();
    }
    return threads;
  }

  /** What a network reads of a variable that is trained: with own operations an anchor. */
  Output value(Ops ops, Variable variable) {
    if (!areOwn()) {
      return variable.read();
    }
    variables.add(variable.read());
    return anchor(ops, "Identity", variable.name() + "/value", variable.read());
  }

  /** Whether a variable that is trained has an influence on an output. */
  boolean isTrained(Output output) {
    return dependence.of(output);
  }

  /**
   * A new anchor of what an own operation gives. Where gradients will be asked for it stops those
   * of TensorFlow, which else go on beyond it where there are two ways from one anchor to another;
   * where not, they are to fail there instead of being too small.
   */
  Output anchor(Ops ops, String name, Output output) {
    return anchor(ops, ops.forTraining() ? "StopGradient" : "Identity", name, output);
  }

  private Output anchor(Ops ops, String type, String name, Output output) {
    Output anchor = ops.unary(type, name, output);
    behind.put(anchor, output);
    return anchor;
  }

  boolean isAnchor(Output output) {
    return behind.containsKey(output);
  }

  /** What an anchor stands for; any other output itself. */
  Output behind(Output output) {
    return behind.getOrDefault(output, output);
  }

  /** Notes where the packed form of a constant kernel is. */
  void packedFile(Output kernel, PackedKernel file) {
    files.put(kernel, file);
  }

  /**
   * A 3×3 kernel in the form that own convolutions take: from its file where it has one, else
   * packed when it runs.
   *
   * @param flip for the gradient of the input
   */
  Output packed(Ops ops, String name, Output kernel, boolean flip) {
    return packs.computeIfAbsent(
        new Pack(kernel, flip),
        pack -> {
          PackedKernel file = flip ? null : files.get(kernel);
          return file == null
              ? new KernelOps(ops).pack(name, kernel, flip)
              : ops.mapped(
                  name, DataType.FLOAT, new long[] {file.floats()}, file.file().toString());
        });
  }

  /** What networks of this graph are built with. */
  Kernels choice() {
    return kernels;
  }

  /** Notes where a constant kernel is as bfloat16. */
  void bfloat16File(Output kernel, Path file) {
    bfloat16Files.put(kernel, file);
  }

  /** A kernel as bfloat16, where it has such a file: [height, width, in, out]. */
  Optional<Output> bfloat16(Ops ops, String name, Output kernel) {
    Path file = bfloat16Files.get(kernel);
    if (file == null) {
      return Optional.empty();
    }
    return Optional.of(
        bfloat16s.computeIfAbsent(
            kernel, key -> ops.mapped(name, DataType.BFLOAT16, kernel.shape(), file.toString())));
  }

  void record(OwnOperation operation) {
    operations.add(operation);
  }

  /** In the order in which they were added. */
  List<OwnOperation> operations() {
    return Collections.unmodifiableList(operations);
  }
}
