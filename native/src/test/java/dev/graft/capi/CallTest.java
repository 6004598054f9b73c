package dev.graft.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CallTest {
  private static final SessionOptions IN_CALLER =
      SessionOptions.DEFAULT.withInterOpThreads(-1).withDeviceCpuOnly(true);

  private final Graph graph = new Graph();
  private Output x;
  private Output y;
  private Session session;

  @BeforeEach
  void openSession() {
    x = Ops.placeholder(graph, "x", DataType.FLOAT);
    y = Ops.unary(graph, "Identity", "y", x);
    session = new Session(graph, IN_CALLER);
  }

  @AfterEach
  void closeSession() {
    session.close();
    graph.close();
  }

  @Test
  void aRunAllocatesNothingOnTheHeap() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    float[] in = {1, 2, 3, 4};
    float[] out = new float[4];
    try (Tensor tensor = Tensor.of(in);
        Call call = session.call().feed(x).fetch(y).build().feed(0, tensor)) {
      int runs = 20_000;
      for (int i = 0; i < runs; i++) {
        runOnce(call, tensor, in, out);
      }
      long before = threads.getThreadAllocatedBytes(thread);
      for (int i = 0; i < runs; i++) {
        runOnce(call, tensor, in, out);
      }
      long allocated = threads.getThreadAllocatedBytes(thread) - before;
      assertThat(allocated / (double) runs).as("bytes per run").isLessThan(8.0);
      assertThat(out).containsExactly(in);
    }
  }

  private static void runOnce(Call call, Tensor tensor, float[] in, float[] out) {
    tensor.write(0, in, 0, in.length);
    call.run();
    Tensor result = call.result(0);
    result.read(0, out, 0, (int) result.dim(0));
  }

  @Test
  void resultsFollowTheFeedsInTypeRankAndShape() {
    Output any = graph.op("Shape", "shape").input(x).output();
    try (Tensor scalar = Tensor.of(1f);
        Tensor deep = Tensor.allocate(DataType.FLOAT, 1, 2, 1, 2, 1, 3);
        Call call = session.call().feed(x).fetch(y).fetch(any).build()) {
      Tensor value = call.result(0);
      Tensor shape = call.result(1);
      call.feed(0, scalar).run();
      assertThat(value.shape()).isEmpty();
      assertThat(shape.toInts()).isEmpty();
      assertThat(shape.bytes().remaining()).isZero();
      call.feed(0, deep).run();
      assertThat(value.shape()).containsExactly(1, 2, 1, 2, 1, 3);
      assertThat(value.elementCount()).isEqualTo(12);
      assertThat(value.byteSize()).isEqualTo(48);
      assertThat(shape.toInts()).containsExactly(1, 2, 1, 2, 1, 3);
      call.feed(0, scalar).run();
      assertThat(value.rank()).isZero();
      assertThat(value.toFloats()).containsExactly(1f);
    }
  }

  @Test
  void aTakenResultSurvivesTheNextRunAndTheCall() {
    Tensor taken;
    try (Tensor one = Tensor.of(1f);
        Tensor two = Tensor.of(2f);
        Call call = session.call().feed(x).fetch(y).build()) {
      call.feed(0, one).run();
      taken = call.takeResult(0);
      assertThatThrownBy(() -> call.takeResult(0)).isInstanceOf(IllegalStateException.class);
      call.feed(0, two).run();
      assertThat(call.result(0)).isNotSameAs(taken);
      assertThat(call.result(0).toFloats()).containsExactly(2f);
      assertThat(taken.toFloats()).containsExactly(1f);
    }
    assertThat(taken.toFloats()).containsExactly(1f);
    taken.close();
    assertThatThrownBy(taken::toFloats).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aResultMayBeFedToAnotherCallButNotToItsOwn() {
    Output doubled = Ops.binary(graph, "Add", "doubled", x, x);
    try (Tensor one = Tensor.of(1f);
        Call first = session.call().feed(x).fetch(y).build().feed(0, one);
        Call second = session.call().feed(x).fetch(doubled).build().feed(0, first.result(0))) {
      assertThatThrownBy(second::run).isInstanceOf(IllegalStateException.class);
      first.run();
      second.run();
      assertThat(second.result(0).toFloats()).containsExactly(2f);
      assertThatThrownBy(() -> first.feed(0, first.result(0)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void beforeARunThereIsNoResult() {
    try (Call call = session.call().feed(x).fetch(y).build()) {
      assertThatThrownBy(() -> call.result(0).toFloats())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("holds no value");
      assertThatThrownBy(call::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("feed 0, x:0, is not set");
      assertThatThrownBy(() -> call.result(1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void aFailedRunLeavesNoResultsAndTheCallUsable() {
    try (Tensor wrong = Tensor.of(3);
        Tensor right = Tensor.of(3f);
        Call call = session.call().feed(x).fetch(y).build()) {
      call.feed(0, right).run();
      call.feed(0, wrong);
      assertThatThrownBy(call::run)
          .isInstanceOfSatisfying(
              TensorFlowException.class,
              e -> assertThat(e.code()).isEqualTo(TensorFlowException.Code.INVALID_ARGUMENT));
      assertThatThrownBy(() -> call.result(0).toFloats()).isInstanceOf(IllegalStateException.class);
      call.feed(0, right).run();
      assertThat(call.result(0).toFloats()).containsExactly(3f);
    }
  }

  @Test
  void aClosedCallRefusesEverything() {
    Tensor tensor = Tensor.of(3f);
    Call call = session.call().feed(x).fetch(y).build().feed(0, tensor);
    call.run();
    Tensor result = call.result(0);
    call.close();
    call.close();
    assertThatThrownBy(call::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the call is closed");
    assertThatThrownBy(() -> call.result(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> call.takeResult(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> call.feed(0, tensor)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(result::toFloats).isInstanceOf(IllegalStateException.class);
    tensor.close();
  }

  @Test
  void aClosedFeedIsRefusedAndAClosedResultComesBackWithTheNextRun() {
    Tensor tensor = Tensor.of(3f);
    try (Call call = session.call().feed(x).fetch(y).build().feed(0, tensor)) {
      call.run();
      call.result(0).close();
      call.result(0).close();
      assertThatThrownBy(() -> call.result(0).toFloats()).isInstanceOf(IllegalStateException.class);
      call.run();
      assertThat(call.result(0).toFloats()).containsExactly(3f);
      tensor.close();
      assertThatThrownBy(call::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the tensor is closed");
    }
  }

  @Test
  void outputsOfAnotherGraphAreRefused() {
    try (Graph other = new Graph()) {
      Output foreign = Ops.placeholder(other, "x", DataType.FLOAT);
      assertThatThrownBy(() -> session.call().feed(foreign))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another graph");
      assertThatThrownBy(() -> session.call().fetch(foreign))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> session.call().target(foreign.operation()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aCallOfAClosedSessionRefusesToRun() {
    try (Tensor tensor = Tensor.of(3f);
        Call call = session.call().feed(x).fetch(y).build().feed(0, tensor)) {
      session.close();
      assertThatThrownBy(call::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the session is closed");
    }
  }

  @Test
  void aCallOutlivesAPointerScopeAroundItsMaking() {
    Call call;
    try (org.bytedeco.javacpp.PointerScope scope = new org.bytedeco.javacpp.PointerScope()) {
      assertThat(scope).isNotNull();
      call = session.call().feed(x).fetch(y).build();
    }
    try (Tensor tensor = Tensor.of(3f)) {
      for (int i = 0; i < 100; i++) {
        call.feed(0, tensor).run();
        assertThat(call.result(0).toFloats()).containsExactly(3f);
      }
    }
    call.close();
  }
}
