package dev.graft.graph;

import java.util.List;

/**
 * What stands on the backbone. The FCN heads are tables: a score layer on fc7, then upsampling by
 * transposed convolutions, with the scores of lower pools added on the way.
 */
enum Head {
  /** fc8, a 1×1 convolution without activation; fc6 is VALID. */
  CLASSIFIER("", List.of()),
  /** Straight from fc7's scores to the image's size. */
  FCN32S("fcn32s", List.of(new Upsampling("upscore32", 64, 32, ""))),
  /** Adds the scores of pool4. */
  FCN16S(
      "fcn16s",
      List.of(new Upsampling("upscore2", 4, 2, "pool4"), new Upsampling("upscore16", 32, 16, ""))),
  /** Adds the scores of pool4 and of pool3. */
  FCN8S(
      "fcn8s",
      List.of(
          new Upsampling("upscore2", 4, 2, "pool4"),
          new Upsampling("upscore_pool4", 4, 2, "pool3"),
          new Upsampling("upscore8", 16, 8, "")));

  /**
   * A transposed convolution.
   *
   * @param layer its name in the head's scope
   * @param size of its kernel, in pixels
   * @param stride the factor of the upsampling
   * @param skip the end point to whose size it upsamples and whose scores are added after it; empty
   *     for the image's size and no addition
   */
  record Upsampling(String layer, int size, int stride, String skip) {}

  private final String scope;
  private final List<Upsampling> upsamplings;

  Head(String scope, List<Upsampling> upsamplings) {
    this.scope = scope;
    this.upsamplings = upsamplings;
  }

  /** The first part of its parameters' names; empty for the classifier, whose fc8 is the net's. */
  String scope() {
    return scope;
  }

  /** From fc7 upwards. */
  List<Upsampling> upsamplings() {
    return upsamplings;
  }
}
