package dev.graft.graph.checkpoint;

import dev.graft.weights.OtherEntry;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a checkpoint holds, as it is found. */
final class Contents {
  /** What TensorFlow says of a tensor. */
  record Signature(ElementType type, Shape shape) {}

  private final Map<String, WeightArray> arrays = new LinkedHashMap<>();
  private final List<OtherEntry> others = new ArrayList<>();
  private final Map<String, Signature> signatures = new LinkedHashMap<>();

  void array(String name, ElementType type, WeightArray array) {
    arrays.put(name, array);
    signatures.put(name, new Signature(type, array.shape()));
  }

  /** What is no array of numbers. */
  void other(String name, ElementType type, Shape shape, String value) {
    String described = shape.rank() == 0 ? type.toString() : type + " " + shape;
    others.add(new OtherEntry(name, described, value));
    signatures.put(name, new Signature(type, shape));
  }

  Map<String, WeightArray> arrays() {
    return arrays;
  }

  List<OtherEntry> others() {
    return others;
  }

  Map<String, Signature> signatures() {
    return signatures;
  }
}
