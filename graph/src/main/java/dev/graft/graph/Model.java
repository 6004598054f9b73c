package dev.graft.graph;

import java.util.Arrays;
import java.util.List;

/** The networks that Graft builds. */
public enum Model {
  VGG16("vgg16", Backbone.VGG16, Head.CLASSIFIER),
  VGG19("vgg19", Backbone.VGG19, Head.CLASSIFIER),
  FCN32S("fcn32s", Backbone.VGG16, Head.FCN32S),
  FCN16S("fcn16s", Backbone.VGG16, Head.FCN16S),
  FCN8S("fcn8s", Backbone.VGG16, Head.FCN8S),
  FCN32S_VGG19("fcn32s-vgg19", Backbone.VGG19, Head.FCN32S),
  FCN16S_VGG19("fcn16s-vgg19", Backbone.VGG19, Head.FCN16S),
  FCN8S_VGG19("fcn8s-vgg19", Backbone.VGG19, Head.FCN8S);

  private final String label;
  private final Backbone backbone;
  private final Head head;

  Model(String label, Backbone backbone, Head head) {
    this.label = label;
    this.backbone = backbone;
    this.head = head;
  }

  /**
   * The model of this name, such as {@code fcn8s}.
   *
   * @throws IllegalArgumentException naming all models
   */
  public static Model of(String label) {
    return Arrays.stream(values())
        .filter(model -> model.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no model '" + label + "'; the models are " + labels()));
  }

  /** The names of all models. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(model -> model.label).toList();
  }

  /** The VGG network below. */
  public Backbone backbone() {
    return backbone;
  }

  Head head() {
    return head;
  }

  /** Whether it answers with one class per pixel; else with one per image. */
  public boolean segments() {
    return head != Head.CLASSIFIER;
  }

  /**
   * The scope of what is new in transfer learning: {@code fcn8s}, or {@code vgg16/fc8} for a
   * classifier.
   */
  public String headScope() {
    return segments() ? head.scope() : backbone.scope() + "/fc8";
  }

  /** Its name on the command line and in files. */
  @Override
  public String toString() {
    return label;
  }
}
