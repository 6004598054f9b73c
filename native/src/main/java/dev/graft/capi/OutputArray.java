package dev.graft.capi;

import java.util.List;
import org.tensorflow.internal.c_api.TF_Operation;
import org.tensorflow.internal.c_api.TF_Output;

/** Turns outputs into an array of {@code TF_Output}. */
final class OutputArray {
  private OutputArray() {}

  /** A native array of at least one element; the caller or its pointer scope frees it. */
  static TF_Output of(Graph graph, List<Output> outputs) {
    TF_Output array = new TF_Output(Math.max(1, outputs.size()));
    for (int i = 0; i < outputs.size(); i++) {
      Output output = outputs.get(i);
      array.position(i).oper(output.operation().pointerIn(graph)).index(output.index());
    }
    return array.position(0);
  }

  /** An empty array to be filled by TensorFlow. */
  static TF_Output empty(int size) {
    TF_Output array = new TF_Output(Math.max(1, size));
    for (int i = 0; i < size; i++) {
      array.position(i).oper((TF_Operation) null).index(0);
    }
    return array.position(0);
  }
}
