package dev.graft.capi;

/** Operations that many tests need. */
final class Ops {
  private Ops() {}

  static Output placeholder(Graph graph, String name, DataType type, long... shape) {
    return graph
        .op("Placeholder", name)
        .attr("dtype", type)
        .attrShape("shape", shape.length == 0 ? null : shape)
        .output();
  }

  static Output constant(Graph graph, String name, Tensor value) {
    return graph.op("Const", name).attr("dtype", value.dataType()).attr("value", value).output();
  }

  static Output constant(Graph graph, String name, float value) {
    try (Tensor tensor = Tensor.of(value)) {
      return constant(graph, name, tensor);
    }
  }

  static Output unary(Graph graph, String type, String name, Output input) {
    return graph.op(type, name).input(input).output();
  }

  static Output binary(Graph graph, String type, String name, Output left, Output right) {
    return graph.op(type, name).input(left).input(right).output();
  }
}
