package dev.graft.bench.onnx;

import dev.graft.weights.DType;
import dev.graft.weights.WeightArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An ONNX model under construction: float32 inputs, outputs and weights, and nodes in the order in
 * which they are computed. Weights go to a file beside the model, as the format allows, so that no
 * array on the heap has to hold them.
 */
public final class OnnxModel {
  private static final int IR_VERSION = 8;
  private static final int OPSET = 13;
  private static final int FLOAT = 1;
  private static final int EXTERNAL = 1;
  private static final int ATTRIBUTE_INTS = 7;

  /** Where a weight may begin in its file, so that a reader can map it. */
  private static final int ALIGNMENT = 4096;

  private static final int CHUNK_BYTES = 8 << 20;
  private static final String MODEL_FILE = "model.onnx";
  private static final String WEIGHTS_FILE = "weights.bin";

  private final List<Proto> inputs = new ArrayList<>();
  private final List<Proto> outputs = new ArrayList<>();
  private final List<Proto> nodes = new ArrayList<>();
  private final Map<String, WeightArray> weights = new LinkedHashMap<>();

  /** What a node does, besides its inputs: lists of integers by name. */
  public static final class Attributes {
    private final List<Proto> protos = new ArrayList<>();

    public Attributes with(String name, long... values) {
      protos.add(new Proto().text(1, name).integers(8, values).integer(20, ATTRIBUTE_INTS));
      return this;
    }
  }

  /** A tensor to be fed, such as [batch, channels, height, width]. */
  public void input(String name, long... shape) {
    inputs.add(valueInfo(name, shape));
  }

  /** A tensor to be fetched. */
  public void output(String name, long... shape) {
    outputs.add(valueInfo(name, shape));
  }

  /**
   * A weight, in the layout in which ONNX wants it.
   *
   * @throws IllegalArgumentException for another type than float32
   */
  public void weight(String name, WeightArray array) {
    if (array.dtype() != DType.FLOAT32) {
      throw new IllegalArgumentException(name + " is " + array.dtype() + ", not float32");
    }
    weights.put(name, array);
  }

  /** Appends a node with one output, which has the node's name. */
  public void node(String type, String name, Attributes attributes, String... nodeInputs) {
    Proto node = new Proto();
    for (String input : nodeInputs) {
      node.text(1, input);
    }
    node.text(2, name).text(3, name).text(4, type);
    attributes.protos.forEach(attribute -> node.message(5, attribute));
    nodes.add(node);
  }

  /**
   * Writes the model and its weights.
   *
   * @param folder where two files are made or replaced
   * @return the model's file
   */
  public Path write(Path folder) throws IOException {
    Proto graph = new Proto();
    nodes.forEach(node -> graph.message(1, node));
    graph.text(2, "graft");
    try (FileChannel file =
        FileChannel.open(
            folder.resolve(WEIGHTS_FILE),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
      for (Map.Entry<String, WeightArray> weight : weights.entrySet()) {
        long begin = (file.position() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        file.position(begin);
        copy(weight.getValue(), file, chunk);
        graph.message(5, tensor(weight.getKey(), weight.getValue(), begin));
      }
    }
    inputs.forEach(input -> graph.message(11, input));
    outputs.forEach(output -> graph.message(12, output));
    Proto model =
        new Proto()
            .integer(1, IR_VERSION)
            .text(2, "graft")
            .message(7, graph)
            .message(8, new Proto().text(1, "").integer(2, OPSET));
    return Files.write(folder.resolve(MODEL_FILE), model.toByteArray());
  }

  private static void copy(WeightArray array, FileChannel file, ByteBuffer chunk)
      throws IOException {
    long bytes = array.byteSize();
    for (long offset = 0; offset < bytes; offset += chunk.limit()) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), bytes - offset));
      array.read(offset, chunk);
      chunk.flip();
      while (chunk.hasRemaining()) {
        file.write(chunk);
      }
    }
  }

  private static Proto tensor(String name, WeightArray array, long begin) {
    return new Proto()
        .integers(1, array.shape().dims())
        .integer(2, FLOAT)
        .text(8, name)
        .message(13, entry("location", WEIGHTS_FILE))
        .message(13, entry("offset", Long.toString(begin)))
        .message(13, entry("length", Long.toString(array.byteSize())))
        .integer(14, EXTERNAL);
  }

  private static Proto entry(String key, String value) {
    return new Proto().text(1, key).text(2, value);
  }

  private static Proto valueInfo(String name, long... shape) {
    Proto dims = new Proto();
    for (long dim : shape) {
      dims.message(1, new Proto().integer(1, dim));
    }
    Proto tensor = new Proto().integer(1, FLOAT).message(2, dims);
    return new Proto().text(1, name).message(2, new Proto().message(1, tensor));
  }
}
