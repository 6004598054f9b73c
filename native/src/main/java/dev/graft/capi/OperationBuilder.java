package dev.graft.capi;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_AddControlInput;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_AddInput;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_AddInputList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_FinishOperation;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewOperation;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrBool;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrBoolList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrFloat;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrFloatList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrFuncName;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrInt;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrIntList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrShape;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrShapeList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrString;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrStringList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrType;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrTypeList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetAttrValueProto;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetDevice;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.SizeTPointer;
import org.tensorflow.internal.c_api.TF_Operation;
import org.tensorflow.internal.c_api.TF_OperationDescription;

/**
 * Describes one operation and adds it to the graph. Single use, one thread.
 *
 * <p>Nothing native exists before {@link #finish()}, so a builder can be dropped; tensors given to
 * it must stay open until then, and mistakes are reported then.
 */
public final class OperationBuilder {
  /** Sets one property of the native description. */
  @FunctionalInterface
  private interface Step {
    void apply(TF_OperationDescription description, Status status);
  }

  private final Graph graph;
  private final String type;
  private final String name;
  private final List<Step> steps = new ArrayList<>();
  private boolean spent;

  OperationBuilder(Graph graph, String type, String name) {
    this.graph = graph;
    this.type = Objects.requireNonNull(type, "type");
    this.name = Objects.requireNonNull(name, "name");
  }

  /** Appends an input. */
  public OperationBuilder input(Output input) {
    Objects.requireNonNull(input, "input");
    return add((op, status) -> TF_AddInput(op, OutputArray.of(graph, List.of(input))));
  }

  /** Appends an input that is a list. */
  public OperationBuilder inputs(Output... inputs) {
    List<Output> list = List.of(inputs);
    return add((op, status) -> TF_AddInputList(op, OutputArray.of(graph, list), list.size()));
  }

  /** Makes the operation run after another one. */
  public OperationBuilder controlInput(Operation operation) {
    Objects.requireNonNull(operation, "operation");
    return add((op, status) -> TF_AddControlInput(op, operation.pointerIn(graph)));
  }

  /** The device, such as {@code /device:CPU:0}. */
  public OperationBuilder device(String device) {
    Objects.requireNonNull(device, "device");
    return add((op, status) -> TF_SetDevice(op, device));
  }

  /** A string, as UTF-8. */
  public OperationBuilder attr(String attr, String value) {
    return attr(attr, value.getBytes(StandardCharsets.UTF_8));
  }

  /** A string of bytes. */
  public OperationBuilder attr(String attr, byte[] value) {
    byte[] copy = value.clone();
    return add((op, status) -> TF_SetAttrString(op, attr, new BytePointer(copy), copy.length));
  }

  public OperationBuilder attr(String attr, long value) {
    return add((op, status) -> TF_SetAttrInt(op, attr, value));
  }

  public OperationBuilder attr(String attr, float value) {
    return add((op, status) -> TF_SetAttrFloat(op, attr, value));
  }

  public OperationBuilder attr(String attr, boolean value) {
    return add((op, status) -> TF_SetAttrBool(op, attr, (byte) (value ? 1 : 0)));
  }

  public OperationBuilder attr(String attr, DataType value) {
    int code = value.code();
    return add((op, status) -> TF_SetAttrType(op, attr, code));
  }

  /** A tensor, which must stay open until {@link #finish()}; the operation keeps a copy. */
  public OperationBuilder attr(String attr, Tensor value) {
    Objects.requireNonNull(value, "value");
    return add(
        (op, status) -> {
          value.lifetime().begin();
          try {
            TF_SetAttrTensor(op, attr, value.pointer(), status.pointer());
          } finally {
            value.lifetime().end();
          }
          status.check(() -> "attribute " + attr);
        });
  }

  /** A shape; -1 for an unknown dimension, null for an unknown rank. */
  public OperationBuilder attrShape(String attr, long[] dims) {
    long[] copy = dims == null ? null : dims.clone();
    int rank = dims == null ? -1 : dims.length;
    return add((op, status) -> TF_SetAttrShape(op, attr, copy, rank));
  }

  /** A list of shapes, each as in {@link #attrShape}. */
  public OperationBuilder attrShapes(String attr, long[]... shapes) {
    long[][] copies = new long[shapes.length][];
    int[] ranks = new int[shapes.length];
    for (int i = 0; i < shapes.length; i++) {
      copies[i] = shapes[i] == null ? null : shapes[i].clone();
      ranks[i] = shapes[i] == null ? -1 : shapes[i].length;
    }
    return add(
        (op, status) -> {
          Pointer[] dims = new Pointer[copies.length];
          for (int i = 0; i < dims.length; i++) {
            dims[i] = copies[i] == null ? null : new LongPointer(copies[i]);
          }
          TF_SetAttrShapeList(
              op, utf8(attr), new PointerPointer<>(dims), new IntPointer(ranks), dims.length);
        });
  }

  public OperationBuilder attrTypes(String attr, DataType... values) {
    int[] codes = Arrays.stream(values).mapToInt(DataType::code).toArray();
    return add((op, status) -> TF_SetAttrTypeList(op, attr, codes, codes.length));
  }

  public OperationBuilder attrInts(String attr, long... values) {
    long[] copy = values.clone();
    return add((op, status) -> TF_SetAttrIntList(op, attr, copy, copy.length));
  }

  public OperationBuilder attrFloats(String attr, float... values) {
    float[] copy = values.clone();
    return add((op, status) -> TF_SetAttrFloatList(op, attr, copy, copy.length));
  }

  public OperationBuilder attrBooleans(String attr, boolean... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    return add((op, status) -> TF_SetAttrBoolList(op, attr, new BytePointer(bytes), bytes.length));
  }

  public OperationBuilder attrStrings(String attr, String... values) {
    List<String> copy = List.of(values);
    return add(
        (op, status) -> {
          Pointer[] strings = new Pointer[copy.size()];
          long[] lengths = new long[copy.size()];
          for (int i = 0; i < strings.length; i++) {
            byte[] bytes = copy.get(i).getBytes(StandardCharsets.UTF_8);
            strings[i] = new BytePointer(bytes);
            lengths[i] = bytes.length;
          }
          TF_SetAttrStringList(
              op,
              utf8(attr),
              new PointerPointer<>(strings),
              new SizeTPointer(lengths),
              strings.length);
        });
  }

  /** A function by name; the graph must have it ({@link Graph#addFunction}). */
  public OperationBuilder attrFunction(String attr, String function) {
    byte[] bytes = function.getBytes(StandardCharsets.UTF_8);
    return add((op, status) -> TF_SetAttrFuncName(op, utf8(attr), utf8(function), bytes.length));
  }

  /** Any attribute, as a serialized {@code AttrValue} (lists of functions among them). */
  public OperationBuilder attrProto(String attr, byte[] attrValue) {
    byte[] copy = attrValue.clone();
    return add(
        (op, status) -> {
          TF_SetAttrValueProto(op, attr, new BytePointer(copy), copy.length, status.pointer());
          status.check(() -> "attribute " + attr);
        });
  }

  /**
   * Adds the operation to the graph. The builder is spent, also when this fails.
   *
   * @throws TensorFlowException naming the op type and the name, where TensorFlow refuses it
   * @throws IllegalStateException if the builder is spent, or the graph or a tensor is closed
   * @throws IllegalArgumentException if an input is part of another graph
   */
  @SuppressWarnings("try") // the scope frees what is allocated in it
  public Operation finish() {
    if (spent) {
      throw new IllegalStateException("the builder of " + this + " is spent");
    }
    spent = true;
    graph.lifetime().begin();
    try (PointerScope scope = new PointerScope();
        Status status = new Status()) {
      TF_OperationDescription description = TF_NewOperation(graph.pointer(), type, name);
      try {
        for (Step step : steps) {
          step.apply(description, status);
        }
      } catch (RuntimeException e) {
        throw abandon(description, status, e);
      }
      // This frees the description, also when it fails.
      TF_Operation operation = TF_FinishOperation(description, status.pointer());
      status.check(this::toString);
      return new Operation(graph, operation);
    } finally {
      graph.lifetime().end();
    }
  }

  /**
   * Frees a description that must not become an operation. The C API can only finish it, so it is
   * made one that cannot be: an attribute with two values.
   */
  private RuntimeException abandon(
      TF_OperationDescription description, Status status, RuntimeException cause) {
    RuntimeException result = cause;
    if (cause instanceof TensorFlowException failure) {
      result = new TensorFlowException(failure.code(), this + ": " + failure.getMessage());
    }
    TF_SetAttrInt(description, "_abandoned", 1);
    TF_SetAttrInt(description, "_abandoned", 2);
    TF_FinishOperation(description, status.pointer());
    return result;
  }

  /** {@link #finish()}, then the first output. */
  public Output output() {
    return finish().output();
  }

  private OperationBuilder add(Step step) {
    if (spent) {
      throw new IllegalStateException("the builder of " + this + " is spent");
    }
    steps.add(step);
    return this;
  }

  private static BytePointer utf8(String text) {
    return new BytePointer(text, StandardCharsets.UTF_8);
  }

  /** The op type and the name. */
  @Override
  public String toString() {
    return type + " '" + name + "'";
  }
}
