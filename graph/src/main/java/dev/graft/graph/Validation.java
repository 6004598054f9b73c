package dev.graft.graph;

import dev.graft.capi.DataType;
import dev.graft.capi.Output;
import dev.graft.capi.Tensor;
import java.util.List;

/**
 * A network whose predictions are compared with labels.
 *
 * @param confusion int64 [classes · classes]: at label · classes + prediction the number of pixels,
 *     those with the ignored label left out
 * @param dataLoss float32 scalar: the batch's mean cross-entropy without class weights
 * @param predictions int32 [batch, height, width]: the class of each pixel
 */
public record Validation(Output confusion, Output dataLoss, Output predictions) {
  /**
   * Adds the comparison.
   *
   * @param logits float32 [batch, height, width, classes]
   * @param labels uint8 [batch, height, width]
   * @param ignoredLabel pixels with this label do not count; -1 for none
   */
  public static Validation build(Ops ops, Output logits, Output labels, int ignoredLabel) {
    int classes = (int) logits.shape()[3];
    Output predictions = ops.argMax("predictions", logits);
    Losses.Loss loss = Losses.pixelCrossEntropy(ops, logits, labels, ignoredLabel, List.of());
    Ops in = ops.withScope("confusion");
    Output labelIds = in.cast("labels", labels, DataType.INT32);
    Output cell =
        in.add("cell", in.mul("row", labelIds, in.constant("classes", classes)), predictions);
    // DenseBincount leaves out what is beyond its size: ignored pixels are sent there.
    int cells = classes * classes;
    Output ignored =
        in.cast(
            "ignored",
            in.binary("Equal", "is_ignored", labelIds, in.constant("label", ignoredLabel)),
            DataType.INT32);
    Output beyond = in.mul("beyond", ignored, in.constant("far", 256 * classes + cells));
    Output flat =
        in.cast("cells", in.reshape("flat", in.add("index", cell, beyond), -1), DataType.INT64);
    Output confusion =
        in.op("DenseBincount", "counts")
            .input(flat)
            .input(in.constant("size", Tensor.of((long) cells)))
            .input(in.constant("no_weights", Tensor.of(new long[0])))
            .attr("binary_output", false)
            .output();
    return new Validation(confusion, loss.value(), predictions);
  }
}
