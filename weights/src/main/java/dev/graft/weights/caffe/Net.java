package dev.graft.weights.caffe;

import dev.graft.weights.OtherEntry;
import dev.graft.weights.WeightArray;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a whole network, {@code NetParameter}. */
final class Net {
  static final int NAME = 1;
  static final int OLD_LAYER = 2;
  static final int LAYER = 100;

  private static final int MAX_ARRAYS = 50_000;

  /** All names together, in characters. */
  private static final int MAX_NAME_CHARS = 1 << 22;

  /** Layers that are listed; a deep network has some hundreds. */
  private static final int MAX_LISTED = 1000;

  private final MappedFile file;
  private final Wire wire;
  private final Map<String, WeightArray> arrays = new LinkedHashMap<>();
  private final Map<String, Long> layersWithArrays = new LinkedHashMap<>();
  private final List<OtherEntry> others = new ArrayList<>();
  private long nameChars;
  private int layers;
  private int generation;

  private Net(MappedFile file) {
    this.file = file;
    this.wire = new Wire(file, file.source());
  }

  static Net read(MappedFile file) {
    Net net = new Net(file);
    net.read(net.wire.message(0, file.length(), "network"));
    return net;
  }

  /** The arrays by name, in the order of the file. */
  Map<String, WeightArray> arrays() {
    return arrays;
  }

  /** The network's name and its layers' types. */
  List<OtherEntry> others() {
    return others;
  }

  private void read(Message net) {
    while (net.next()) {
      switch (net.field()) {
        case NAME -> others.add(0, new OtherEntry("network", "string", net.text("a name")));
        case OLD_LAYER, LAYER -> {
          if (generation != 0 && generation != net.field()) {
            throw net.malformed("both current layers and old ones");
          }
          generation = net.field();
          add(
              generation == LAYER
                  ? Layer.current(net.message("layer"), net.start())
                  : Layer.old(net.message("layer"), net.start()));
        }
        default -> {}
      }
    }
    if (layers > MAX_LISTED) {
      others.add(new OtherEntry("...", "layer", (layers - MAX_LISTED) + " more"));
    }
  }

  private void add(Layer layer) {
    layers++;
    if (layers <= MAX_LISTED) {
      others.add(new OtherEntry(layer.name(), "layer", layer.type()));
    }
    if (layer.blobs().isEmpty()) {
      return;
    }
    if (layer.name().isEmpty()) {
      throw wire.malformed("a layer with arrays but without a name", layer.at());
    }
    Long other = layersWithArrays.put(layer.name(), layer.at());
    if (other != null) {
      throw wire.malformed(
          "two layers with arrays that are called "
              + Printable.of(layer.name())
              + ", the first at byte "
              + other,
          layer.at());
    }
    for (int i = 0; i < layer.blobs().size(); i++) {
      addArray(layer.name() + "[" + i + "]", layer.blobs().get(i), layer.at());
    }
  }

  private void addArray(String name, Blob blob, long at) {
    nameChars += name.length();
    if (arrays.size() == MAX_ARRAYS || nameChars > MAX_NAME_CHARS) {
      throw wire.malformed("more than " + arrays.size() + " arrays", at);
    }
    String source = file.source() + ": array " + Printable.of(name);
    if (arrays.put(name, blob.array(file, source)) != null) {
      throw wire.malformed("the name " + Printable.of(name) + " twice", at);
    }
  }
}
