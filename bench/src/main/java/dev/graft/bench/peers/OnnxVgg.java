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
 * A stretch of VGG16 as an ONNX model, NCHW. Fully connected layers are convolutions here too: at
 * batch 1 ONNX Runtime was seen to take 10.3 ms for fc6 that way, and 11.9 ms for the matrix
 * product that exporters write.
 */
final class OnnxVgg {
  static final String INPUT = "input";

  private final OnnxModel model = new OnnxModel();
  private final Map<String, WeightArray> weights = new LinkedHashMap<>();
  private String last = INPUT;

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
      convolution(layer);
      if (layer.relu()) {
        // The last node of a layer has the name of its end point.
        add("Relu", layer.pool().isEmpty() ? layer.name() : layer.name() + "/relu");
      }
      if (!layer.pool().isEmpty()) {
        Attributes halves = new Attributes().with("kernel_shape", 2, 2).with("strides", 2, 2);
        model.node("MaxPool", layer.pool(), halves, last);
        last = layer.pool();
      }
    }
    model.output(last, Layout.nchwShape(stretch.outputShape()));
  }

  private void convolution(VggLayer layer) {
    long size = layer.kernel().dim(0);
    long pad = layer.same() ? size / 2 : 0;
    Attributes attributes =
        new Attributes()
            .with("kernel_shape", size, size)
            .with("strides", 1, 1)
            .with("pads", pad, pad, pad, pad);
    String scope = "vgg16/" + layer.name();
    String name = layer.relu() ? layer.name() + "/linear" : layer.name();
    // The table has fully connected kernels as [out, in], the same values in the same order.
    Shape oihw = Shape.of(layer.channelsOut(), layer.channelsIn(), size, size);
    model.weight(scope + "/kernel", new Reshaped(weights.get(scope + "/kernel"), oihw));
    model.weight(scope + "/bias", weights.get(scope + "/bias"));
    model.node("Conv", name, attributes, last, scope + "/kernel", scope + "/bias");
    last = name;
  }

  private void add(String type, String name) {
    model.node(type, name, new Attributes(), last);
    last = name;
  }
}
