package dev.graft.graph.checkpoint;

import dev.graft.capi.DataType;
import dev.graft.capi.Graph;
import dev.graft.capi.Operation;
import dev.graft.capi.OperationBuilder;
import dev.graft.capi.Output;
import dev.graft.capi.Session;
import dev.graft.capi.Tensor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Checkpoints that TensorFlow itself writes. */
final class Saved {
  /** A slice of a variable, as {@code shape_and_slice} describes it: {@code 4 3 0,2:-}. */
  record Slice(String name, String shapeAndSlice, Tensor value) {}

  private Saved() {}

  /** Whole tensors in a V1 file. */
  static void v1(Path file, Map<String, Tensor> tensors) {
    run(
        graph ->
            graph
                .op("Save", "save")
                .input(constant(graph, "file", Tensor.of(file.toString())))
                .input(constant(graph, "names", Tensor.of(names(tensors))))
                .inputs(values(graph, List.copyOf(tensors.values())))
                .finish());
  }

  /** Slices in a V1 file. */
  static void v1Slices(Path file, Slice... slices) {
    run(
        graph -> {
          OperationBuilder save = graph.op("SaveSlices", "save");
          return sliced(graph, save, file, slices).finish();
        });
  }

  /** Whole tensors in a V2 checkpoint. */
  static void v2(Path prefix, Map<String, Tensor> tensors) {
    v2Slices(
        prefix,
        tensors.entrySet().stream()
            .map(tensor -> new Slice(tensor.getKey(), "", tensor.getValue()))
            .toArray(Slice[]::new));
  }

  /** Slices in a V2 checkpoint. */
  static void v2Slices(Path prefix, Slice... slices) {
    run(
        graph -> {
          OperationBuilder save = graph.op("SaveV2", "save");
          return sliced(graph, save, prefix, slices).finish();
        });
  }

  /** Makes one V2 checkpoint, of as many data shards, out of several. */
  static void merge(Path prefix, Path... parts) {
    String[] names = Arrays.stream(parts).map(Path::toString).toArray(String[]::new);
    run(
        graph ->
            graph
                .op("MergeV2Checkpoints", "merge")
                .input(constant(graph, "parts", Tensor.of(names)))
                .input(constant(graph, "prefix", Tensor.of(prefix.toString())))
                .attr("delete_old_dirs", false)
                .finish());
  }

  /** A tensor of seeded values: bytes that are valid for any type but bool. */
  static Tensor random(DataType type, int seed, long... shape) {
    Tensor tensor = Tensor.allocate(type, shape);
    byte[] bytes = new byte[(int) tensor.byteSize()];
    new Random(seed).nextBytes(bytes);
    if (type == DataType.BOOL) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] &= 1;
      }
    }
    if (bytes.length > 0) {
      tensor.bytes().put(bytes);
    }
    return tensor;
  }

  /** The bytes of a tensor. */
  static byte[] bytes(Tensor tensor) {
    ByteBuffer buffer = tensor.bytes();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static OperationBuilder sliced(
      Graph graph, OperationBuilder save, Path path, Slice... slices) {
    List<Slice> all = List.of(slices);
    String[] names = all.stream().map(Slice::name).toArray(String[]::new);
    String[] extents = all.stream().map(Slice::shapeAndSlice).toArray(String[]::new);
    return save.input(constant(graph, "file", Tensor.of(path.toString())))
        .input(constant(graph, "names", Tensor.of(names)))
        .input(constant(graph, "slices", Tensor.of(extents)))
        .inputs(values(graph, all.stream().map(Slice::value).toList()));
  }

  private static String[] names(Map<String, Tensor> tensors) {
    return tensors.keySet().toArray(String[]::new);
  }

  private static Output[] values(Graph graph, List<Tensor> tensors) {
    List<Output> values = new ArrayList<>();
    for (Tensor tensor : tensors) {
      values.add(constant(graph, "value" + values.size(), tensor));
    }
    return values.toArray(Output[]::new);
  }

  private static Output constant(Graph graph, String name, Tensor value) {
    return graph.op("Const", name).attr("dtype", value.dataType()).attr("value", value).output();
  }

  private interface Build {
    Operation in(Graph graph);
  }

  private static void run(Build build) {
    try (Graph graph = new Graph()) {
      Operation target = build.in(graph);
      try (Session session = new Session(graph)) {
        session.runner().target(target).run();
      }
    }
  }
}
