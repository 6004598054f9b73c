package dev.graft.weights.caffe;

import java.util.List;

/** The names of the layer types that networks of the second generation (V1) number. */
final class LayerTypes {
  /** By number. */
  private static final List<String> V1 =
      List.of(
          "NONE",
          "ACCURACY",
          "BNLL",
          "CONCAT",
          "CONVOLUTION",
          "DATA",
          "DROPOUT",
          "EUCLIDEAN_LOSS",
          "FLATTEN",
          "HDF5_DATA",
          "HDF5_OUTPUT",
          "IM2COL",
          "IMAGE_DATA",
          "INFOGAIN_LOSS",
          "INNER_PRODUCT",
          "LRN",
          "MULTINOMIAL_LOGISTIC_LOSS",
          "POOLING",
          "RELU",
          "SIGMOID",
          "SOFTMAX",
          "SOFTMAX_LOSS",
          "SPLIT",
          "TANH",
          "WINDOW_DATA",
          "ELTWISE",
          "POWER",
          "SIGMOID_CROSS_ENTROPY_LOSS",
          "HINGE_LOSS",
          "MEMORY_DATA",
          "ARGMAX",
          "THRESHOLD",
          "DUMMY_DATA",
          "SLICE",
          "MVN",
          "ABSVAL",
          "SILENCE",
          "CONTRASTIVE_LOSS",
          "EXP",
          "DECONVOLUTION");

  private LayerTypes() {}

  /** The type's name, or the number itself where it has none. */
  static String v1(long number) {
    return number >= 0 && number < V1.size() ? V1.get((int) number) : String.valueOf(number);
  }
}
