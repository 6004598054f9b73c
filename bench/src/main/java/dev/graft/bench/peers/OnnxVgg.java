package dev.graft.bench.peers;

import dev.graft.bench.SyntheticWeights;
import dev.graft.bench.onnx.OnnxModel;
import dev.graft.bench.onnx.OnnxModel.Attributes;
import dev.graft.mapping.NameMapping;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A stretch of VGG16 as an ONNX model, as torchvision's comes out of PyTorch's exporter: NCHW, the
 * fully connected layers of a classifier as matrix products on flattened images.
 */
final class OnnxVgg {
  static final String INPUT = "input";

  private final OnnxModel model = new OnnxModel();
  private final Map<String, WeightArray> weights = new LinkedHashMap<>();
  private String last = INPUT;
  private boolean flat;

  private OnnxVgg() {}

  /**
   * Writes a stretch, with the same weights as the networks of {@link SyntheticWeights}.
   *
   * @param folder for the files
   * @return the model's file; its output has the name of the end point that is fetched
   */
  static Path write(Stretch stretch, Path folder) throws IOException {
    NameMapping table = NameMapping.bundled("torchvision-vgg16");
    try (WeightStore store =
        table.export(WeightStore.open(SyntheticWeights.classifierFile(stretch.size())), Set.of())) {
      OnnxVgg vgg = new OnnxVgg();
      // An export is in the order of its table.
      Iterator<String> keys = store.names().iterator();
      table.graphNames().forEach(name -> vgg.weights.put(name, store.get(keys.next())));
      vgg.build(stretch);
      return vgg.model.write(folder);
    }
  }

  private void build(Stretch stretch) {
    model.input(INPUT, Layout.nchwShape(stretch.inputShape()));
    for (VggLayer layer : stretch.layers()) {
      if (layer.isConvolution() || layer.same()) {
        convolution(layer);
      } else {
        dense(layer);
      }
      if (layer.relu()) {
        // The last node of a layer has the name of its end point.
        add("Relu", layer.pool().isEmpty() ? layer.name() : layer.name() + "/relu");
      }
      if (!layer.pool().isEmpty()) {
        Attributes halves =
            new Attributes().withList("kernel_shape", 2, 2).withList("strides", 2, 2);
        model.node("MaxPool", layer.pool(), halves, last);
        last = layer.pool();
      }
    }
    long[] shape = stretch.outputShape();
    long[] flatShape = {shape[0], shape[3]};
    model.output(last, flat ? flatShape : Layout.nchwShape(shape));
  }

  private void convolution(VggLayer layer) {
    long size = layer.kernel().dim(0);
    long pad = size / 2;
    Attributes attributes =
        new Attributes()
            .withList("kernel_shape", size, size)
            .withList("strides", 1, 1)
            .withList("pads", pad, pad, pad, pad);
    Shape oihw = Shape.of(layer.channelsOut(), layer.channelsIn(), size, size);
    linear("Conv", layer, attributes, oihw);
  }

  private void dense(VggLayer layer) {
    if (!flat) {
      model.node("Flatten", layer.name() + "/flat", new Attributes().with("axis", 1), last);
      last = layer.name() + "/flat";
      flat = true;
    }
    long in = layer.kernel().elementCount() / layer.channelsOut();
    Shape shape = Shape.of(layer.channelsOut(), in);
    linear("Gemm", layer, new Attributes().with("transB", 1), shape);
  }

  private void linear(String type, VggLayer layer, Attributes attributes, Shape shape) {
    String scope = "vgg16/" + layer.name();
    String name = layer.relu() ? layer.name() + "/linear" : layer.name();
    model.weight(scope + "/kernel", new Reshaped(weights.get(scope + "/kernel"), shape));
    model.weight(scope + "/bias", weights.get(scope + "/bias"));
    model.node(type, name, attributes, last, scope + "/kernel", scope + "/bias");
    last = name;
  }

  private void add(String type, String name) {
    model.node(type, name, new Attributes(), last);
    last = name;
  }
}
