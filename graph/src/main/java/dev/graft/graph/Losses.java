package dev.graft.graph;

import dev.graft.capi.DataType;
import dev.graft.capi.Output;
import dev.graft.capi.Tensor;
import java.util.List;

/** Loss functions. */
public final class Losses {
  private Losses() {}

  /**
   * A loss and where its gradient starts.
   *
   * @param value float32 scalar
   * @param logits the flattened logits [pixels, classes]
   * @param logitsGradient d(value)/d(logits), of the same shape
   */
  public record Loss(Output value, Output logits, Output logitsGradient) {}

  /**
   * Softmax cross-entropy per pixel, averaged over the pixels of the batch whose label is not the
   * ignored one; with class weights the weighted average. Without a single such pixel the loss and
   * its gradient are 0.
   *
   * <p>{@code SparseSoftmaxCrossEntropyWithLogits} has no gradient in the C API, but its second
   * output is d(loss)/d(logits): it is handed on as the start of back-propagation.
   *
   * @param logits float32 [batch, height, width, classes]
   * @param labels uint8 [batch, height, width]
   * @param ignoredLabel 0–255, or -1 for none
   * @param classWeights one weight for each class; empty for 1
   */
  public static Loss pixelCrossEntropy(
      Ops ops, Output logits, Output labels, int ignoredLabel, List<Float> classWeights) {
    Ops in = ops.withScope("loss");
    int classes = (int) logits.shape()[3];
    Output flatLogits = in.reshape("logits", logits, -1, classes);
    Output flatLabels = in.cast("label_ids", in.reshape("labels", labels, -1), DataType.INT32);
    Output valid =
        in.op("NotEqual", "valid")
            .input(flatLabels)
            .input(in.constant("ignored", ignoredLabel))
            .output();
    // An ignored label may be out of range, on which the op fails: such pixels count as class 0
    // with
    // weight 0.
    Output safeLabels =
        in.mul("safe_labels", flatLabels, in.cast("valid_int", valid, DataType.INT32));
    var crossEntropy =
        in.op("SparseSoftmaxCrossEntropyWithLogits", "cross_entropy")
            .input(flatLogits)
            .input(safeLabels)
            .finish();
    Output weights = in.cast("weights", valid, DataType.FLOAT);
    if (!classWeights.isEmpty()) {
      float[] weightTable = new float[classWeights.size()];
      for (int i = 0; i < weightTable.length; i++) {
        weightTable[i] = classWeights.get(i);
      }
      Output table = in.constant("class_weights", Tensor.of(weightTable));
      Output perPixel =
          in.op("GatherV2", "pixel_weights")
              .input(table)
              .input(safeLabels)
              .input(in.constant("axis", 0))
              .output();
      weights = in.mul("weighted", weights, perPixel);
    }
    Output total = in.sum("total_weight", weights, 1);
    // Zero weight in all: divide by 1 instead, and 0 / 1 = 0 is the loss.
    Output isZero =
        in.cast(
            "is_zero",
            in.binary("Equal", "no_weight", total, in.constant("zero", 0f)),
            DataType.FLOAT);
    Output scale = in.binary("Div", "scale", weights, in.add("divisor", total, isZero));
    Output value = in.sum("value", in.mul("scaled", crossEntropy.output(0), scale), 1);
    Output column = in.reshape("scale_column", scale, -1, 1);
    Output gradient = in.mul("logits_gradient", crossEntropy.output(1), column);
    return new Loss(value, flatLogits, gradient);
  }
}
