package dev.graft.graph;

import dev.graft.capi.DataType;
import dev.graft.capi.Output;
import dev.graft.weights.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parameters of a network in a graph: a frozen one is a constant mapped from its file, so that
 * nothing can change it; any other is a resource variable.
 */
public final class Parameters {
  private final Map<String, Output> values = new LinkedHashMap<>();
  private final List<Variable> variables = new ArrayList<>();

  private Parameters() {}

  /**
   * Adds a constant or a variable for each parameter.
   *
   * @param shapes of all parameters, by name
   * @param frozen the constants among them, by name
   */
  public static Parameters create(
      Ops ops, Map<String, Shape> shapes, Map<String, Constant> frozen) {
    Parameters result = new Parameters();
    shapes.forEach(
        (name, shape) -> {
          Constant constant = frozen.get(name);
          if (constant != null) {
            Output value = constant(ops, constant);
            constant
                .packed()
                .filter(PackedKernel::isWhole)
                .ifPresent(packed -> ops.kernels().packedFile(value, packed));
            result.values.put(name, value);
          } else {
            Variable variable = Variable.create(ops, name, DataType.FLOAT, shape);
            result.variables.add(variable);
            result.values.put(name, ops.kernels().value(ops, variable));
          }
        });
    return result;
  }

  private static Output constant(Ops ops, Constant constant) {
    long actual = constant.file().toFile().length();
    // A mapped file that is too short kills the process (SIGBUS) when its end is read.
    if (actual != constant.byteSize()) {
      throw new GraphException(
          "the frozen weights of "
              + constant.name()
              + " in "
              + constant.file()
              + ": expected "
              + constant.byteSize()
              + " bytes, found "
              + actual);
    }
    return ops.mapped(
        constant.name(),
        DataType.FLOAT,
        constant.shape().dims(),
        constant.file().toAbsolutePath().toString());
  }

  /** What the network reads, by parameter name. */
  public Map<String, Output> values() {
    return Collections.unmodifiableMap(values);
  }

  /** The parameters that are not frozen. */
  List<Variable> variables() {
    return variables;
  }
}
