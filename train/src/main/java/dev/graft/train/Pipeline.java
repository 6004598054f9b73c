package dev.graft.train;

import dev.graft.capi.DataType;
import dev.graft.capi.Graph;
import dev.graft.capi.GraphFunction;
import dev.graft.capi.Operation;
import dev.graft.capi.Output;
import dev.graft.capi.Session;
import dev.graft.capi.Tensor;
import dev.graft.graph.Ops;
import java.util.ArrayList;
import java.util.List;

/**
 * Images and masks read, decoded, augmented and batched by TensorFlow's own threads ahead of the
 * network. The order is given from outside, as a list of (sample, epoch) pairs, and all random
 * numbers are functions of the pair: what the network sees does not depend on threads or restarts.
 */
final class Pipeline {
  /** Batches that are prepared ahead. */
  private static final long PREFETCHED = 2;

  private static final DataType[] TYPES = {DataType.UINT8, DataType.UINT8};

  private final Output indices;
  private final Output epochs;
  private final Operation start;
  private final Output images;
  private final Output labels;

  private Pipeline(Output indices, Output epochs, Operation start, Output images, Output labels) {
    this.indices = indices;
    this.epochs = epochs;
    this.start = start;
    this.images = images;
    this.labels = labels;
  }

  /**
   * Adds a pipeline to a graph.
   *
   * @param name of the scope, and of the iterator in the session
   * @param batch images a batch; they must have one size, or be cropped, where it is more than 1
   */
  static Pipeline build(
      Ops top, String name, List<Sample> samples, int batch, Augmentation augmentation) {
    Ops ops = top.withScope(name);
    String function = name + "_load";
    addLoadFunction(ops.graph(), function, augmentation);
    List<String> images = new ArrayList<>();
    List<String> masks = new ArrayList<>();
    byte[][] headers = new byte[samples.size()][];
    byte[] divisors = new byte[samples.size()];
    for (int i = 0; i < samples.size(); i++) {
      Sample sample = samples.get(i);
      images.add(sample.image().toString());
      masks.add(sample.mask().toString());
      MaskHeader header = MaskHeader.read(sample.mask());
      headers[i] = header.bytes().array();
      divisors[i] = (byte) header.divisor();
    }
    Output indices = ops.placeholder("indices", DataType.INT32, -1);
    Output epochs = ops.placeholder("epochs", DataType.INT64, -1);
    Output slices =
        ops.op("TensorSliceDataset", "slices")
            .inputs(indices, epochs)
            .attrTypes("Toutput_types", DataType.INT32, DataType.INT64)
            .attrShapes("output_shapes", new long[0], new long[0])
            .output();
    long[] imageShape = {cropped(augmentation.cropHeight()), cropped(augmentation.cropWidth()), 3};
    long[] maskShape = {imageShape[0], imageShape[1]};
    Output loaded =
        ops.op("ParallelMapDatasetV2", "load")
            .input(slices)
            .inputs(
                ops.constant("images", strings(images)),
                ops.constant("masks", strings(masks)),
                ops.constant("headers", Tensor.of(headers)),
                ops.constant("divisors", Tensor.of(divisors)))
            .input(
                ops.constant(
                    "parallel_calls", Tensor.of((long) Runtime.getRuntime().availableProcessors())))
            .attrFunction("f", function)
            .attrTypes(
                "Targuments", DataType.STRING, DataType.STRING, DataType.STRING, DataType.UINT8)
            .attrTypes("output_types", TYPES)
            .attrShapes("output_shapes", imageShape, maskShape)
            .attr("deterministic", "true")
            .output();
    long[] imagesShape = {-1, imageShape[0], imageShape[1], 3};
    long[] masksShape = {-1, imageShape[0], imageShape[1]};
    Output batched =
        ops.op("BatchDatasetV2", "batch")
            .input(loaded)
            .input(ops.constant("batch_size", Tensor.of((long) batch)))
            .input(ops.constant("drop_remainder", Tensor.of(false)))
            .attrTypes("output_types", TYPES)
            .attrShapes("output_shapes", imagesShape, masksShape)
            .output();
    Output ready =
        ops.op("PrefetchDataset", "prefetch")
            .input(batched)
            .input(ops.constant("prefetched", Tensor.of(PREFETCHED)))
            .attrTypes("output_types", TYPES)
            .attrShapes("output_shapes", imagesShape, masksShape)
            .output();
    Output iterator =
        ops.op("IteratorV2", "iterator")
            .attr("shared_name", name)
            .attr("container", "")
            .attrTypes("output_types", TYPES)
            .attrShapes("output_shapes", imagesShape, masksShape)
            .output();
    Operation start = ops.op("MakeIterator", "start").input(ready).input(iterator).finish();
    Operation next =
        ops.op("IteratorGetNext", "next")
            .input(iterator)
            .attrTypes("output_types", TYPES)
            .attrShapes("output_shapes", imagesShape, masksShape)
            .finish();
    return new Pipeline(indices, epochs, start, next.output(0), next.output(1));
  }

  /** uint8 RGB [batch, height, width, 3]. */
  Output images() {
    return images;
  }

  /** uint8 [batch, height, width]. */
  Output labels() {
    return labels;
  }

  /**
   * Starts from the beginning with a new order.
   *
   * @param order numbers of samples
   * @param epochOf for each of them the number of the epoch, for its random numbers
   */
  void start(Session session, int[] order, long[] epochOf) {
    try (Tensor order0 = Tensor.of(order);
        Tensor epoch0 = Tensor.of(epochOf)) {
      session.runner().feed(indices, order0).feed(epochs, epoch0).target(start).run();
    }
  }

  private static long cropped(int pixels) {
    return pixels == 0 ? -1 : pixels;
  }

  private static Tensor strings(List<String> values) {
    return Tensor.of(values.toArray(String[]::new));
  }

  /** (sample, epoch, paths of images and masks, headers, divisors) → (image, mask). */
  private static void addLoadFunction(Graph target, String name, Augmentation augmentation) {
    try (Graph graph = new Graph()) {
      Ops ops = new Ops(graph);
      Output index = ops.placeholder("index", DataType.INT32);
      Output epoch = ops.placeholder("epoch", DataType.INT64);
      Output images = ops.placeholder("images", DataType.STRING, -1);
      Output masks = ops.placeholder("masks", DataType.STRING, -1);
      Output headers = ops.placeholder("headers", DataType.STRING, -1);
      Output divisors = ops.placeholder("divisors", DataType.UINT8, -1);
      Output image = decodeImage(ops, gather(ops, "image_path", images, index));
      Output mask =
          decodeMask(
              ops,
              gather(ops, "mask_path", masks, index),
              gather(ops, "header", headers, index),
              gather(ops, "divisor", divisors, index));
      Output[] pair = Augmenting.apply(ops, augmentation, index, epoch, image, mask);
      Output flatMask =
          ops.op("Squeeze", "mask").input(pair[1]).attrInts("squeeze_dims", 2).output();
      Output[] inputs = {index, epoch, images, masks, headers, divisors};
      Output[] outputs = {pair[0], flatMask};
      try (GraphFunction function =
          graph.toFunction(name, inputs, outputs, new String[] {"image", "label"})) {
        target.addFunction(function);
      }
    }
  }

  private static Output gather(Ops ops, String name, Output table, Output index) {
    return ops.op("GatherV2", name)
        .input(table)
        .input(index)
        .input(ops.constant(name + "_axis", 0))
        .output();
  }

  private static Output decodeImage(Ops ops, Output path) {
    return ops.op("DecodeImage", "decode_image")
        .input(ops.unary("ReadFile", "read_image", path))
        .attr("channels", 3)
        .attr("dtype", DataType.UINT8)
        .attr("expand_animations", false)
        .output();
  }

  /** Class ids [height, width, 1]; see {@link MaskHeader}. */
  private static Output decodeMask(Ops ops, Output path, Output header, Output divisor) {
    Output rest =
        ops.op("Substr", "rest_of_mask")
            .input(ops.unary("ReadFile", "read_mask", path))
            .input(ops.constant("header_end", MaskHeader.LENGTH))
            .input(ops.constant("everything", Integer.MAX_VALUE))
            .output();
    Output file =
        ops.op("StringJoin", "mask_file").inputs(header, rest).attr("separator", "").output();
    Output grey =
        ops.op("DecodePng", "decode_mask")
            .input(file)
            .attr("channels", 1)
            .attr("dtype", DataType.UINT8)
            .output();
    return ops.binary("FloorDiv", "class_ids", grey, divisor);
  }
}
