package dev.graft.train;

import dev.graft.capi.DataType;
import dev.graft.capi.Output;
import dev.graft.capi.Tensor;
import dev.graft.graph.Ops;

/**
 * The ops of an {@link Augmentation}, on one image [height, width, 3] and mask [height, width, 1].
 */
final class Augmenting {
  private Augmenting() {}

  /**
   * Adds them.
   *
   * @param index int32 scalar: the number of the sample
   * @param epoch int64 scalar
   * @return image and mask
   */
  static Output[] apply(
      Ops ops, Augmentation augmentation, Output index, Output epoch, Output image, Output mask) {
    Output[] pair = {image, mask};
    if (!augmentation.flip() && !augmentation.crops()) {
      return pair;
    }
    Output draws = draws(ops, augmentation.seed(), index, epoch);
    if (augmentation.crops()) {
      pair = crop(ops, augmentation, draws, pair);
    }
    if (augmentation.flip()) {
      Output mirrored =
          ops.binary(
              "Less", "mirrored", ops.element("draw_0", draws, 0), ops.constant("half", 0.5f));
      for (int i = 0; i < pair.length; i++) {
        Output reversed =
            ops.binary(
                "ReverseV2", "mirror_" + i, pair[i], ops.constant("columns_" + i, new int[] {1}));
        pair[i] =
            ops.op("SelectV2", "flip_" + i).input(mirrored).input(reversed).input(pair[i]).output();
      }
    }
    return pair;
  }

  /** Three numbers in [0, 1) for each (seed, sample, epoch). */
  private static Output draws(Ops ops, long seed, Output index, Output epoch) {
    Output spread =
        ops.mul(
            "spread",
            ops.add("shifted", epoch, ops.constant("seed", Tensor.of(seed))),
            ops.constant("prime", Tensor.of(1_000_003L)));
    Output seeds = ops.pack("seeds", spread, ops.cast("sample", index, DataType.INT64));
    return ops.op("StatelessRandomUniform", "draws")
        .input(ops.constant("count", new int[] {3}))
        .input(seeds)
        .attr("dtype", DataType.FLOAT)
        .output();
  }

  private static Output[] crop(Ops ops, Augmentation augmentation, Output draws, Output[] pair) {
    int[] size = {augmentation.cropHeight(), augmentation.cropWidth()};
    Output shape = ops.shape("image_shape", pair[0]);
    Output[] starts = new Output[2];
    Output[] missing = new Output[2];
    for (int axis = 0; axis < 2; axis++) {
      Output pixels = ops.element("pixels_" + axis, shape, axis);
      Output wanted = ops.constant("wanted_" + axis, size[axis]);
      Output zero = ops.constant("zero_" + axis, 0);
      missing[axis] =
          ops.binary(
              "Maximum",
              "missing_" + axis,
              ops.binary("Sub", "lack_" + axis, wanted, pixels),
              zero);
      Output spare =
          ops.binary(
              "Maximum", "spare_" + axis, ops.binary("Sub", "rest_" + axis, pixels, wanted), zero);
      starts[axis] = start(ops, axis, spare, augmentation.randomCrop() ? draws : null);
    }
    Output[] result = new Output[2];
    int[] fill = {0, augmentation.ignoredLabel()};
    int[] channels = {3, 1};
    for (int i = 0; i < pair.length; i++) {
      Output padded = pad(ops, "pad_" + i, pair[i], missing, fill[i]);
      Output begin = ops.pack("begin_" + i, starts[0], starts[1], ops.constant("first_" + i, 0));
      result[i] =
          ops.op("Slice", "crop_" + i)
              .input(padded)
              .input(begin)
              .input(ops.constant("size_" + i, size[0], size[1], channels[i]))
              .output();
    }
    return result;
  }

  /** The first row or column: ⌊draw · (spare + 1)⌋, or the middle without draws. */
  private static Output start(Ops ops, int axis, Output spare, Output draws) {
    if (draws == null) {
      return ops.binary("FloorDiv", "middle_" + axis, spare, ops.constant("two_" + axis, 2));
    }
    Output choices = ops.add("choices_" + axis, spare, ops.constant("one_" + axis, 1));
    Output scaled =
        ops.mul(
            "scaled_" + axis,
            ops.element("draw_" + (axis + 1), draws, axis + 1),
            ops.cast("choices_float_" + axis, choices, DataType.FLOAT));
    // The product of a draw just below 1 may round up to the number of choices.
    return ops.binary(
        "Minimum", "start_" + axis, ops.cast("floor_" + axis, scaled, DataType.INT32), spare);
  }

  /** Adds rows below and columns to the right. */
  private static Output pad(Ops ops, String name, Output image, Output[] missing, int value) {
    Output zero = ops.constant(name + "_zero", 0);
    Output amounts = ops.pack(name + "_flat", zero, missing[0], zero, missing[1], zero, zero);
    return ops.op("PadV2", name)
        .input(image)
        .input(ops.reshape(name + "_amounts", amounts, 3, 2))
        .input(ops.constant(name + "_value", scalar((byte) value)))
        .output();
  }

  private static Tensor scalar(byte value) {
    Tensor tensor = Tensor.allocate(DataType.UINT8);
    tensor.write(0, new byte[] {value}, 0, 1);
    return tensor;
  }
}
