package dev.graft.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;

class OperationBuilderTest {
  private final Graph graph = new Graph();

  @AfterEach
  void close() {
    graph.close();
  }

  @Test
  void everyKindOfAttributeArrives() throws InvalidProtocolBufferException {
    // Names that begin with an underscore are attributes of any op, of any kind.
    AttrValue functions =
        AttrValue.newBuilder()
            .setList(
                AttrValue.ListValue.newBuilder()
                    .addFunc(NameAttrList.newBuilder().setName("f"))
                    .addFunc(NameAttrList.newBuilder().setName("g")))
            .build();
    try (Tensor tensor = Tensor.of(new int[] {7, 8})) {
      graph
          .op("NoOp", "n")
          .attr("_string", "grün")
          .attr("_bytes", new byte[] {0, (byte) 0xff})
          .attr("_empty", "")
          .attr("_int", 1L << 40)
          .attr("_float", 1.5f)
          .attr("_bool", true)
          .attr("_type", DataType.HALF)
          .attr("_tensor", tensor)
          .attrShape("_shape", new long[] {2, -1})
          .attrShape("_scalar", new long[0])
          .attrShape("_unknown", null)
          .attrShapes("_shapes", new long[] {1, -1}, null, new long[0])
          .attrTypes("_types", DataType.FLOAT, DataType.INT64)
          .attrInts("_ints", 1, -2, 3)
          .attrFloats("_floats", 1, 2)
          .attrBooleans("_bools", true, false)
          .attrStrings("_strings", "a", "", "ü")
          .attrStrings("_no_strings")
          .attrInts("_no_ints")
          .attrFunction("_function", "f")
          .attrProto("_functions", functions.toByteArray())
          .finish();
    }
    NodeDef node = node("n");
    assertThat(attr(node, "_string").getS().toStringUtf8()).isEqualTo("grün");
    assertThat(attr(node, "_bytes").getS())
        .isEqualTo(ByteString.copyFrom(new byte[] {0, (byte) 0xff}));
    assertThat(attr(node, "_empty").getS().isEmpty()).isTrue();
    assertThat(attr(node, "_int").getI()).isEqualTo(1L << 40);
    assertThat(attr(node, "_float").getF()).isEqualTo(1.5f);
    assertThat(attr(node, "_bool").getB()).isTrue();
    assertThat(attr(node, "_type").getTypeValue()).isEqualTo(DataType.HALF.code());
    assertThat(attr(node, "_tensor").getTensor().getDtypeValue()).isEqualTo(DataType.INT32.code());
    assertThat(attr(node, "_shape").getShape()).isEqualTo(shape(2, -1));
    assertThat(attr(node, "_scalar").getShape()).isEqualTo(shape());
    assertThat(attr(node, "_unknown").getShape().getUnknownRank()).isTrue();
    assertThat(attr(node, "_shapes").getList().getShapeList())
        .containsExactly(
            shape(1, -1), TensorShapeProto.newBuilder().setUnknownRank(true).build(), shape());
    assertThat(attr(node, "_types").getList().getTypeValueList()).containsExactly(1, 9);
    assertThat(attr(node, "_ints").getList().getIList()).containsExactly(1L, -2L, 3L);
    assertThat(attr(node, "_floats").getList().getFList()).containsExactly(1f, 2f);
    assertThat(attr(node, "_bools").getList().getBList()).containsExactly(true, false);
    assertThat(attr(node, "_strings").getList().getSList())
        .extracting(ByteString::toStringUtf8)
        .containsExactly("a", "", "ü");
    assertThat(attr(node, "_no_strings").getList().getSCount()).isZero();
    assertThat(attr(node, "_no_ints").getList().getICount()).isZero();
    assertThat(attr(node, "_function").getFunc().getName()).isEqualTo("f");
    assertThat(attr(node, "_functions")).isEqualTo(functions);
  }

  @Test
  void inputsListsControlInputsAndDevicesArrive() throws InvalidProtocolBufferException {
    Output a = Ops.constant(graph, "a", 1f);
    Output b = Ops.constant(graph, "b", 2f);
    Operation first = graph.op("NoOp", "first").finish();
    Output sum =
        graph.op("AddN", "sum").inputs(a, b).controlInput(first).device("/device:CPU:0").output();
    graph.op("NoOp", "none").finish();
    assertThat(node("sum").getInputList()).containsExactly("a", "b", "^first");
    assertThat(node("sum").getDevice()).isEqualTo("/device:CPU:0");
    try (Session session = new Session(graph);
        Tensor result = session.runner().fetch(sum).runOne()) {
      assertThat(result.toFloats()).containsExactly(3f);
    }
  }

  @Test
  void attributesAreCopiedWhenTheyAreGiven() throws InvalidProtocolBufferException {
    long[] ints = {1, 2};
    OperationBuilder builder = graph.op("NoOp", "n").attrInts("_ints", ints);
    ints[0] = 99;
    builder.finish();
    assertThat(attr(node("n"), "_ints").getList().getIList()).containsExactly(1L, 2L);
  }

  @Test
  void aWrongAttributeTypeNamesTheOpAndTheName() {
    assertThatThrownBy(() -> graph.op("Placeholder", "net/x").attr("dtype", 3).finish())
        .isInstanceOfSatisfying(
            TensorFlowException.class,
            e -> assertThat(e.code()).isEqualTo(TensorFlowException.Code.INVALID_ARGUMENT))
        .hasMessageContaining("Placeholder 'net/x': ")
        .hasMessageContaining("dtype");
    assertThat(graph.operations()).isEmpty();
  }

  @Test
  void anUnknownOpAndATakenNameAreErrors() {
    assertThatThrownBy(() -> graph.op("NoSuchOp", "n").finish())
        .isInstanceOf(TensorFlowException.class)
        .hasMessageContaining("NoSuchOp 'n'");
    graph.op("NoOp", "n").finish();
    assertThatThrownBy(() -> graph.op("NoOp", "n").finish())
        .isInstanceOf(TensorFlowException.class)
        .hasMessageContaining("NoOp 'n'");
  }

  @Test
  void aSpentBuilderRefusesEverything() {
    OperationBuilder done = graph.op("NoOp", "n");
    done.finish();
    OperationBuilder failed = graph.op("NoSuchOp", "m");
    assertThatThrownBy(failed::finish).isInstanceOf(TensorFlowException.class);
    for (OperationBuilder builder : new OperationBuilder[] {done, failed}) {
      assertThatThrownBy(builder::finish)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("is spent");
      assertThatThrownBy(() -> builder.attr("_a", 1)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void anAttributeThatCannotBeSetLeavesNoOperationBehind() {
    Tensor closed = Tensor.of(1f);
    closed.close();
    assertThatThrownBy(() -> graph.op("NoOp", "a").attr("_t", closed).finish())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the tensor is closed");
    assertThatThrownBy(
            () -> graph.op("NoOp", "b").attrProto("_p", new byte[] {1, 2, 3, 4}).finish())
        .isInstanceOfSatisfying(
            TensorFlowException.class,
            e -> assertThat(e.code()).isEqualTo(TensorFlowException.Code.INVALID_ARGUMENT))
        .hasMessageContaining("NoOp 'b': attribute _p: ");
    try (Graph other = new Graph()) {
      Output foreign = Ops.constant(other, "x", 1f);
      assertThatThrownBy(() -> graph.op("Identity", "c").input(foreign).finish())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("operation x (Const) is part of another graph");
    }
    assertThat(graph.operations()).isEmpty();
  }

  @Test
  void aBuilderCanBeDropped() {
    for (int i = 0; i < 1000; i++) {
      graph.op("NoOp", "n").attr("_a", "b");
    }
    assertThat(graph.operations()).isEmpty();
  }

  private NodeDef node(String name) throws InvalidProtocolBufferException {
    return GraphDef.parseFrom(graph.toGraphDef()).getNodeList().stream()
        .filter(node -> node.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static AttrValue attr(NodeDef node, String name) {
    return node.getAttrOrThrow(name);
  }

  private static TensorShapeProto shape(long... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long dim : dims) {
      shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(dim));
    }
    return shape.build();
  }
}
