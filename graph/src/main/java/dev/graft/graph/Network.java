package dev.graft.graph;

import dev.graft.capi.DataType;
import dev.graft.capi.Output;
import dev.graft.capi.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A VGG or FCN network in a graph, every end point of which can be fetched or built upon: {@code
 * conv1_1} … {@code pool5}, {@code fc6}, {@code fc7}, then {@code fc8} or the head's layers, {@code
 * logits} at the end. All are [batch, height, width, channels].
 */
public final class Network {
  /** What TF-Slim's VGG subtracts from the channels red, green, blue of 0–255 pixels. */
  private static final float[] MEAN_RGB = {123.68f, 116.78f, 103.94f};

  private final Map<String, Output> endPoints = new LinkedHashMap<>();

  private Network() {}

  /**
   * Pixels as the networks take them: RGB minus the mean.
   *
   * @param images uint8 RGB [batch, height, width, 3]
   * @return float32 of the same shape
   */
  public static Output preprocess(Ops ops, Output images) {
    Ops in = ops.withScope("preprocess");
    Output pixels = in.cast("pixels", images, DataType.FLOAT);
    return in.binary("Sub", "centred", pixels, in.constant("mean_rgb", Tensor.of(MEAN_RGB)));
  }

  /**
   * Builds a model.
   *
   * @param pixels float32 RGB minus the mean [batch, height, width, 3], any height and width; a
   *     classifier needs at least 193×193 (7×7 after five pools)
   * @param parameters a value for each parameter of the model
   */
  public static Network build(Ops ops, Model model, Output pixels, Map<String, Output> parameters) {
    return build(ops, model, pixels, parameters, Optional.empty());
  }

  /**
   * Builds the backbone alone, to {@code fc7}, with fc6 SAME: features for another network, at any
   * image size.
   *
   * @param pixels float32 RGB minus the mean [batch, height, width, 3]
   * @param parameters a value for each parameter of the backbone up to fc7
   */
  public static Network buildBackbone(
      Ops ops, Backbone backbone, Output pixels, Map<String, Output> parameters) {
    Builder builder = new Builder(ops, parameters, Optional.empty());
    builder.backbone(backbone, pixels, "SAME");
    return builder.network;
  }

  /** Builds a model with dropout after fc6 and fc7, for training. */
  static Network build(
      Ops ops,
      Model model,
      Output pixels,
      Map<String, Output> parameters,
      Optional<Dropout> dropout) {
    Builder builder = new Builder(ops, parameters, dropout);
    Output fc7 = builder.backbone(model.backbone(), pixels, model.segments() ? "SAME" : "VALID");
    if (model.segments()) {
      builder.fcn(model.head(), fc7, ops.shape("image_shape", pixels));
    } else {
      builder.conv(model.backbone().scope(), "fc8", fc7, "VALID");
    }
    return builder.network;
  }

  /**
   * An end point.
   *
   * @throws GraphException naming all of them
   */
  public Output endPoint(String name) {
    Output output = endPoints.get(name);
    if (output == null) {
      throw new GraphException(
          "there is no end point '" + name + "'; they are " + endPoints.keySet());
    }
    return output;
  }

  /** The names of all end points, in the order of the network. */
  public Set<String> endPoints() {
    return Collections.unmodifiableSet(endPoints.keySet());
  }

  /**
   * The scores before softmax: [batch, height, width, classes] of the image's height and width for
   * an FCN, 1×1 for a classifier on 224×224.
   */
  public Output logits() {
    return endPoint("logits");
  }

  private static final class Builder {
    private final Network network = new Network();
    private final Ops ops;
    private final Layers layers;
    private final Map<String, Output> parameters;
    private final Optional<Dropout> dropout;

    Builder(Ops ops, Map<String, Output> parameters, Optional<Dropout> dropout) {
      this.ops = ops;
      this.layers = Layers.of(ops);
      this.parameters = parameters;
      this.dropout = dropout;
    }

    Output backbone(Backbone backbone, Output pixels, String padding) {
      String scope = backbone.scope();
      Output x = pixels;
      for (int stage = 1; stage <= backbone.stages(); stage++) {
        for (String layer : backbone.layers(stage)) {
          String name = scope + "/" + layer;
          x = end(layer, layers.convolution(name, x, kernel(name), bias(name)));
        }
        x = end("pool" + stage, layers.pool(scope + "/pool" + stage, x));
      }
      int index = 0;
      for (String layer : new String[] {"fc6", "fc7"}) {
        String name = scope + "/" + layer;
        x = end(layer, layers.dense(name, x, kernel(name), bias(name), padding, true));
        if (dropout.isPresent()) {
          x = dropout.get().apply(ops, name + "/dropout", x, index++);
        }
      }
      return x;
    }

    void fcn(Head head, Output fc7, Output imageShape) {
      Output x = conv(head.scope(), "score_fr", fc7, "SAME");
      for (Head.Upsampling up : head.upsamplings()) {
        if (up.skip().isEmpty()) {
          x = upsample(head.scope(), up, x, imageShape);
        } else {
          Output skip = network.endPoint(up.skip());
          String skipScope = head.scope() + "/" + up.skip();
          x = upsample(head.scope(), up, x, ops.shape(skipScope + "_shape", skip));
          x =
              ops.add(
                  skipScope + "_sum", x, conv(head.scope(), "score_" + up.skip(), skip, "SAME"));
        }
      }
      end("logits", x);
    }

    /** A convolution with bias and no activation, as an end point. */
    Output conv(String scope, String layer, Output input, String padding) {
      String name = scope + "/" + layer;
      Output output =
          end(layer, layers.dense(name, input, kernel(name), bias(name), padding, false));
      if (layer.equals("fc8")) {
        end("logits", output);
      }
      return output;
    }

    /** To the height and width of {@code like}, an int32 shape vector. */
    private Output upsample(String scope, Head.Upsampling up, Output input, Output like) {
      String name = scope + "/" + up.layer();
      Output kernel = kernel(name);
      Output classes = ops.constant(name + "/classes", (int) kernel.shape()[2]);
      Output size =
          ops.pack(
              name + "/size",
              ops.element(name + "/batch", like, 0),
              ops.element(name + "/height", like, 1),
              ops.element(name + "/width", like, 2),
              classes);
      return end(up.layer(), ops.conv2dTranspose(name + "/conv", input, kernel, size, up.stride()));
    }

    private Output kernel(String layer) {
      return parameter(layer + "/kernel");
    }

    private Output bias(String layer) {
      return parameter(layer + "/bias");
    }

    private Output parameter(String name) {
      Output value = parameters.get(name);
      if (value == null) {
        throw new GraphException("the parameter " + name + " has no value");
      }
      return value;
    }

    private Output end(String name, Output output) {
      network.endPoints.put(name, output);
      return output;
    }
  }
}
