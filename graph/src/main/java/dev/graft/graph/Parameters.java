package dev.graft.graph;

import dev.graft.capi.DataType;
import dev.graft.capi.Output;
import dev.graft.weights.Shape;
import java.nio.file.Path;
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
   * @throws GraphException where a constant's file does not have the length that it must have, or a
   *     kernel that is to be read as bfloat16 has no file of it
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
            if (Bfloat16Kernels.wants(ops.kernels().choice(), name, shape)) {
              ops.kernels().bfloat16File(value, bfloat16File(constant));
            }
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
    requireLength(constant.name(), constant.file(), constant.byteSize());
    return ops.mapped(
        constant.name(),
        DataType.FLOAT,
        constant.shape().dims(),
        constant.file().toAbsolutePath().toString());
  }

  private static Path bfloat16File(Constant constant) {
    Path file =
        constant
            .bfloat16()
            .orElseThrow(
                () ->
                    new GraphException(
                        "there are no bfloat16 weights of "
                            + constant.name()
                            + ": the constants were made with other Kernels than the graph has"));
    requireLength(constant.name(), file, constant.bfloat16ByteSize());
    return file.toAbsolutePath();
  }

  /** A mapped file that is too short kills the process (SIGBUS) when its end is read. */
  private static void requireLength(String name, Path file, long expected) {
    long actual = file.toFile().length();
    if (actual != expected) {
      throw new GraphException(
          "the frozen weights of "
              + name
              + " in "
              + file
              + ": expected "
              + expected
              + " bytes, found "
              + actual);
    }
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
