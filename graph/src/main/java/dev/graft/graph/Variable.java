package dev.graft.graph;

import dev.graft.capi.DataType;
import dev.graft.capi.Operation;
import dev.graft.capi.Output;
import dev.graft.weights.Shape;

/**
 * A resource variable of a graph.
 *
 * @param name the name in checkpoints
 * @param handle its VarHandleOp
 * @param read the value that the network uses
 */
record Variable(String name, DataType type, Shape shape, Operation handle, Output read) {
  static Variable create(Ops ops, String name, DataType type, Shape shape) {
    Operation handle = ops.variable(name, type, shape.dims());
    return new Variable(name, type, shape, handle, ops.read(name + "/read", handle, type));
  }

  /** Bytes of its value. */
  long byteSize() {
    return shape.elementCount() * type.byteSize();
  }
}
