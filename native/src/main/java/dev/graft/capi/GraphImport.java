package dev.graft.capi;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteImportGraphDefOptions;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteImportGraphDefResults;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphImportGraphDefWithResults;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_ImportGraphDefOptionsAddInputMapping;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_ImportGraphDefOptionsSetPrefix;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_ImportGraphDefResultsMissingUnusedInputMappings;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewImportGraphDefOptions;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.internal.c_api.TF_ImportGraphDefOptions;
import org.tensorflow.internal.c_api.TF_ImportGraphDefResults;

/** Adds a serialized graph to a graph. */
final class GraphImport {
  private GraphImport() {}

  /** The graph is in use by the caller. */
  @SuppressWarnings("try") // the scope frees what is allocated in it
  static void run(Graph graph, byte[] graphDef, String prefix, Map<String, Output> inputs) {
    try (PointerScope scope = new PointerScope();
        Status status = new Status();
        NativeBuffer buffer = NativeBuffer.copyOf(graphDef)) {
      TF_ImportGraphDefOptions options = TF_NewImportGraphDefOptions();
      TF_ImportGraphDefResults results;
      try {
        if (!prefix.isEmpty()) {
          TF_ImportGraphDefOptionsSetPrefix(options, prefix);
        }
        inputs.forEach((name, output) -> map(graph, options, name, output));
        results =
            TF_GraphImportGraphDefWithResults(
                graph.pointer(), buffer.pointer(), options, status.pointer());
      } finally {
        TF_DeleteImportGraphDefOptions(options);
      }
      status.check(() -> "importing a graph");
      try {
        refuseUnused(results);
      } finally {
        TF_DeleteImportGraphDefResults(results);
      }
    }
  }

  private static void map(
      Graph graph, TF_ImportGraphDefOptions options, String name, Output output) {
    int colon = name.lastIndexOf(':');
    String node = colon < 0 ? name : name.substring(0, colon);
    int index = 0;
    if (colon >= 0) {
      String digits = name.substring(colon + 1);
      if (!digits.matches("[0-9]{1,9}")) {
        throw new IllegalArgumentException("expected name:index, found '" + name + "'");
      }
      index = Integer.parseInt(digits);
    }
    TF_ImportGraphDefOptionsAddInputMapping(
        options, node, index, OutputArray.of(graph, List.of(output)));
  }

  private static void refuseUnused(TF_ImportGraphDefResults results) {
    IntPointer count = new IntPointer(1);
    // The presets pass the address of this pointer, which TensorFlow moves to its list of names.
    PointerPointer<BytePointer> names = new PointerPointer<>((Pointer) null);
    PointerPointer<IntPointer> indices = new PointerPointer<>(1);
    TF_ImportGraphDefResultsMissingUnusedInputMappings(results, count, names, indices);
    if (count.get() == 0) {
      return;
    }
    List<String> unused = new ArrayList<>();
    IntPointer index = new IntPointer(indices.get());
    for (int i = 0; i < count.get(); i++) {
      unused.add(
          names.get(BytePointer.class, i).getString(StandardCharsets.UTF_8) + ":" + index.get(i));
    }
    throw new IllegalArgumentException("no imported node has the inputs " + unused);
  }
}
