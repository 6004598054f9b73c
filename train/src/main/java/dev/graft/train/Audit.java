package dev.graft.train;

import dev.graft.capi.Call;
import dev.graft.capi.DataType;
import dev.graft.capi.Graph;
import dev.graft.capi.Output;
import dev.graft.capi.Session;
import dev.graft.capi.Tensor;
import dev.graft.capi.TensorFlowException;
import dev.graft.graph.Ops;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Every image and mask of a data set decoded once, in the way in which training will decode them:
 * which cannot be read, whose sizes differ, and how many pixels each label has.
 *
 * @param samples all that were looked at
 * @param sizes height and width of each, in pixels
 * @param histogram pixels by label, [256]
 */
public record Audit(List<Sample> samples, List<Size> sizes, List<Long> histogram) {
  private static final int LABELS = 256;

  /** Height and width in pixels. */
  public record Size(int height, int width) {
    @Override
    public String toString() {
      return width + "×" + height;
    }
  }

  /**
   * Looks at all samples.
   *
   * @param limit labels from here on are out of range, unless ignored; 0 where any is allowed
   * @param ignoredLabel the label that does not count; -1 for none
   * @throws DatasetException listing every file that cannot be used
   */
  public static Audit of(List<Sample> samples, int limit, int ignoredLabel, Progress progress) {
    List<String> problems = new ArrayList<>();
    List<Sample> readable = withPngMasks(samples, problems);
    List<Size> sizes = new ArrayList<>();
    long[] histogram = new long[LABELS];
    if (!readable.isEmpty()) {
      look(readable, limit, ignoredLabel, progress, problems, sizes, histogram);
    }
    if (!problems.isEmpty()) {
      throw DatasetException.of("the data set cannot be used", problems);
    }
    return new Audit(
        samples, sizes, IntStream.range(0, LABELS).mapToObj(i -> histogram[i]).toList());
  }

  private static List<Sample> withPngMasks(List<Sample> samples, List<String> problems) {
    List<Sample> result = new ArrayList<>();
    for (Sample sample : samples) {
      try {
        MaskHeader.read(sample.mask());
        result.add(sample);
      } catch (DatasetException e) {
        problems.add(e.getMessage());
      }
    }
    return result;
  }

  private static void look(
      List<Sample> samples,
      int limit,
      int ignoredLabel,
      Progress progress,
      List<String> problems,
      List<Size> sizes,
      long[] histogram) {
    try (Graph graph = new Graph()) {
      Ops ops = new Ops(graph);
      Pipeline pipeline = Pipeline.build(ops, "audit", samples, 1, Augmentation.NONE);
      Output counts =
          ops.op("DenseBincount", "counts")
              .input(ops.cast("labels", ops.reshape("flat", pipeline.labels(), -1), DataType.INT32))
              .input(ops.constant("size", LABELS))
              .input(ops.constant("no_weights", Tensor.of(new long[0])))
              .attr("binary_output", false)
              .output();
      try (Session session = new Session(graph);
          Call call =
              session
                  .call()
                  .fetch(ops.shape("image_shape", pipeline.images()))
                  .fetch(ops.shape("mask_shape", pipeline.labels()))
                  .fetch(counts)
                  .build()) {
        pipeline.start(
            session, IntStream.range(0, samples.size()).toArray(), new long[samples.size()]);
        for (int i = 0; i < samples.size(); i++) {
          Sample sample = samples.get(i);
          try {
            call.run();
            int[] image = call.result(0).toInts();
            int[] mask = call.result(1).toInts();
            Size size = new Size(image[1], image[2]);
            sizes.add(size);
            checkSize(sample, size, new Size(mask[1], mask[2]), problems);
            long[] labels = call.result(2).toLongs();
            checkLabels(sample, labels, limit, ignoredLabel, problems);
            for (int label = 0; label < LABELS; label++) {
              histogram[label] += labels[label];
            }
          } catch (TensorFlowException e) {
            problems.add(
                sample.image() + " or " + sample.mask() + " cannot be decoded: " + e.reason());
          }
          progress.update("checking images and masks", i + 1, samples.size());
        }
      }
    }
  }

  private static void checkSize(Sample sample, Size image, Size mask, List<String> problems) {
    if (!image.equals(mask)) {
      problems.add(sample.mask() + ": expected the image's size " + image + ", found " + mask);
    }
  }

  private static void checkLabels(
      Sample sample, long[] labels, int limit, int ignoredLabel, List<String> problems) {
    for (int label = limit; limit > 0 && label < LABELS; label++) {
      if (labels[label] > 0 && label != ignoredLabel) {
        problems.add(
            sample.mask()
                + ": the label "
                + label
                + " ("
                + labels[label]
                + " pixels) is out of range: there are "
                + limit
                + " classes, 0 to "
                + (limit - 1)
                + "; if it means 'no class', name it as the ignored label");
      }
    }
  }

  /** The number of classes that the labels speak of: the largest one that counts, and 1. */
  public int classes(int ignoredLabel) {
    return IntStream.range(0, LABELS)
            .filter(label -> histogram.get(label) > 0 && label != ignoredLabel)
            .max()
            .orElse(-1)
        + 1;
  }
}
