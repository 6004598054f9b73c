package dev.graft.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.GraphDef;

class GraphTest {
  @Test
  void operationsAreFoundAndListed() {
    try (Graph graph = new Graph()) {
      Output x = Ops.placeholder(graph, "x", DataType.FLOAT, -1, 3);
      Output y = Ops.unary(graph, "Relu", "scope/y", x);
      assertThat(graph.operation("scope/y")).contains(y.operation());
      assertThat(graph.operation("z")).isEmpty();
      assertThat(graph.operations()).containsExactly(x.operation(), y.operation());
      assertThat(y.name()).isEqualTo("scope/y:0");
      assertThat(y.operation().type()).isEqualTo("Relu");
      assertThat(y.operation().outputCount()).isEqualTo(1);
      assertThat(y.operation().graph()).isSameAs(graph);
      assertThat(y.operation()).hasToString("scope/y (Relu)");
      assertThat(y.operation()).hasSameHashCodeAs(graph.operation("scope/y").orElseThrow());
      assertThat(y.operation().inputs()).containsExactly(x);
      assertThat(x.operation().inputs()).isEmpty();
      assertThat(y.dataType()).isEqualTo(DataType.FLOAT);
      assertThat(y.shape()).containsExactly(-1, 3);
      assertThat(Ops.placeholder(graph, "any", DataType.INT32).shape()).isNull();
      assertThatThrownBy(() -> y.operation().output(1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("operation scope/y (Relu) has 1 outputs, not 1");
      assertThatThrownBy(() -> new Output(y.operation(), -1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void theGradientOfASquareIsTwiceTheValue() {
    try (Graph graph = new Graph()) {
      Output x = Ops.placeholder(graph, "x", DataType.FLOAT);
      Output unrelated = Ops.placeholder(graph, "unrelated", DataType.FLOAT);
      Output y = Ops.unary(graph, "Square", "y", x);
      Output[] plain =
          graph.gradients("plain", new Output[] {y}, null, new Output[] {x, unrelated});
      Output ten = Ops.constant(graph, "ten", 10f);
      Output[] scaled =
          graph.gradients("scaled", new Output[] {y}, new Output[] {ten}, new Output[] {x});
      assertThat(plain).hasSize(2);
      assertThat(plain[1]).isNull();
      assertThat(plain[0].operation().name()).startsWith("plain/");
      try (Session session = new Session(graph);
          Tensor three = Tensor.of(3f)) {
        List<Tensor> results =
            session.runner().feed(x, three).fetch(plain[0]).fetch(scaled[0]).run();
        assertThat(results.get(0).toFloats()).containsExactly(6f);
        assertThat(results.get(1).toFloats()).containsExactly(60f);
        results.forEach(Tensor::close);
      }
      assertThatThrownBy(() -> graph.gradients("plain", new Output[] {y}, null, new Output[] {x}))
          .isInstanceOfSatisfying(
              TensorFlowException.class,
              e -> assertThat(e.code()).isEqualTo(TensorFlowException.Code.INVALID_ARGUMENT));
      assertThatThrownBy(() -> graph.gradients("", new Output[] {y}, null, new Output[] {x}))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(
              () -> graph.gradients("g", new Output[] {y}, new Output[0], new Output[] {x}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("0 gradients for 1 outputs");
    }
  }

  @Test
  void anOpWithoutAGradientIsAnError() {
    try (Graph graph = new Graph()) {
      Output x = Ops.placeholder(graph, "x", DataType.FLOAT);
      Output y = Ops.unary(graph, "Where", "where", x);
      assertThatThrownBy(() -> graph.gradients("g", new Output[] {y}, null, new Output[] {x}))
          .isInstanceOf(TensorFlowException.class)
          .hasMessageContaining("Where");
    }
  }

  @Test
  void aFunctionIsCalled() {
    try (Graph body = new Graph();
        Graph graph = new Graph()) {
      Output in = Ops.placeholder(body, "in", DataType.FLOAT);
      Output squared = Ops.unary(body, "Square", "squared", in);
      GraphFunction function =
          body.toFunction(
              "square", new Output[] {in}, new Output[] {squared}, new String[] {"result"});
      assertThat(function.name()).isEqualTo("square");
      graph.addFunction(function);
      function.close();
      function.close();
      assertThatThrownBy(function::name).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> graph.addFunction(function))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the function is closed");

      Output x = Ops.placeholder(graph, "x", DataType.FLOAT);
      Output y =
          graph
              .op("PartitionedCall", "call")
              .inputs(x)
              .attrTypes("Tin", DataType.FLOAT)
              .attrTypes("Tout", DataType.FLOAT)
              .attrFunction("f", "square")
              .output();
      try (Session session = new Session(graph);
          Tensor three = Tensor.of(3f);
          Tensor result = session.runner().feed(x, three).fetch(y).runOne()) {
        assertThat(result.toFloats()).containsExactly(9f);
      }
    }
  }

  @Test
  void aFunctionWithoutOutputNamesAndABadOne() {
    try (Graph body = new Graph()) {
      Output in = Ops.placeholder(body, "in", DataType.FLOAT);
      Output out = Ops.unary(body, "Square", "out", in);
      body.toFunction("f", new Output[] {in}, new Output[] {out}, null).close();
      assertThatThrownBy(
              () -> body.toFunction("g", new Output[] {in, in}, new Output[] {out}, null))
          .isInstanceOf(TensorFlowException.class)
          .hasMessageContaining("function 'g'");
      assertThatThrownBy(
              () -> body.toFunction("h", new Output[] {in}, new Output[] {out}, new String[0]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aGraphIsExportedAndImportedUnderAPrefixOntoAnotherInput() throws Exception {
    byte[] exported;
    try (Graph source = new Graph()) {
      Output x = Ops.placeholder(source, "x", DataType.FLOAT);
      Ops.unary(source, "Square", "y", x);
      exported = source.toGraphDef();
    }
    assertThat(GraphDef.parseFrom(exported).getNodeList())
        .extracting("name")
        .containsExactly("x", "y");
    try (Graph graph = new Graph()) {
      Output four = Ops.constant(graph, "four", 4f);
      graph.importGraphDef(exported, "imported", Map.of("x:0", four));
      Operation y = graph.operation("imported/y").orElseThrow();
      try (Session session = new Session(graph);
          Tensor result = session.runner().fetch(y.output()).runOne()) {
        assertThat(result.toFloats()).containsExactly(16f);
      }
      graph.importGraphDef(exported, "", Map.of());
      assertThat(graph.operation("x")).isPresent();

      assertThatThrownBy(() -> graph.importGraphDef(exported, "", Map.of()))
          .isInstanceOf(TensorFlowException.class);
      assertThatThrownBy(() -> graph.importGraphDef(exported, "a", Map.of("nowhere:3", four)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("no imported node has the inputs [nowhere:3]");
      assertThatThrownBy(() -> graph.importGraphDef(exported, "b", Map.of("x:one", four)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("expected name:index, found 'x:one'");
      assertThatThrownBy(() -> graph.importGraphDef(new byte[] {1, 2, 3}, "c", Map.of()))
          .isInstanceOf(TensorFlowException.class);
    }
  }

  @Test
  void aClosedGraphRefusesEverything() {
    Graph graph = new Graph();
    Output x = Ops.placeholder(graph, "x", DataType.FLOAT);
    Operation operation = x.operation();
    OperationBuilder begun = graph.op("Identity", "y").input(x);
    graph.close();
    graph.close();
    List<Runnable> uses =
        List.of(
            () -> graph.op("NoOp", "n"),
            () -> graph.operation("x"),
            graph::operations,
            graph::toGraphDef,
            () -> graph.importGraphDef(new byte[0], "", Map.of()),
            () -> graph.gradients("g", new Output[] {x}, null, new Output[] {x}),
            () -> graph.toFunction("f", new Output[] {x}, new Output[] {x}, null),
            operation::name,
            operation::type,
            x::dataType,
            x::shape,
            x::name,
            begun::finish,
            () -> new Session(graph));
    for (Runnable use : uses) {
      assertThatThrownBy(use::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the graph is closed");
    }
    assertThat(operation).hasToString("of a closed graph");
  }

  @Test
  void libraryFacts() {
    assertThat(TensorFlow.version()).matches("2\\.\\d+\\.\\d+.*");
    assertThat(System.getProperty("org.bytedeco.javacpp.maxBytes")).isEqualTo("0");
    assertThat(System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes")).isEqualTo("0");
    assertThat(org.bytedeco.javacpp.Pointer.maxBytes()).isZero();
    assertThat(TensorFlow.devices()).anyMatch(device -> device.type().equals("CPU"));
    assertThatThrownBy(() -> TensorFlow.loadLibrary(java.nio.file.Path.of("no-such-library.so")))
        .isInstanceOfSatisfying(
            TensorFlowException.class,
            e -> assertThat(e.code()).isEqualTo(TensorFlowException.Code.NOT_FOUND));
  }
}
