package dev.graft.capi;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SessionRun;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.tensorflow.internal.c_api.TF_Operation;
import org.tensorflow.internal.c_api.TF_Output;
import org.tensorflow.internal.c_api.TF_Tensor;

/**
 * A prepared {@code TF_SessionRun}: feeds, fetches and targets resolved once, run many times
 * without an allocation on the Java heap. One thread at a time; several calls of one session may
 * run side by side.
 */
public final class Call implements AutoCloseable {
  private final Session session;
  private final List<Output> feedOutputs;
  private final List<Output> fetchOutputs;
  private final Tensor[] feeds;
  private final Tensor[] results;

  // The arguments of TF_SessionRun, in native memory; freed on close.
  private final TF_Output nativeFeeds;
  private final TF_Output nativeFetches;
  private final LongPointer feedAddresses;
  private final LongPointer resultAddresses;
  private final LongPointer targetAddresses;
  private final PointerPointer<TF_Tensor> nativeFeedTensors;
  private final PointerPointer<TF_Tensor> nativeResultTensors;
  private final PointerPointer<TF_Operation> nativeTargets;
  private final int targetCount;
  private final Status status = new Status();

  private final TensorPointer leftOver = new TensorPointer();
  private final AtomicBoolean running = new AtomicBoolean();
  private final Lifetime lifetime = new Lifetime("the call is closed", this::free);

  private Call(Builder builder) {
    session = builder.session;
    Graph graph = session.graph();
    feedOutputs = List.copyOf(builder.feeds);
    fetchOutputs = List.copyOf(builder.fetches);
    feeds = new Tensor[feedOutputs.size()];
    results = new Tensor[fetchOutputs.size()];
    for (int i = 0; i < results.length; i++) {
      results[i] = Tensor.forResults();
    }
    // Kept by a count of our own, lest a pointer scope around the builder free them.
    nativeFeeds = OutputArray.of(graph, feedOutputs).retainReference();
    nativeFetches = OutputArray.of(graph, fetchOutputs).retainReference();
    feedAddresses = new LongPointer(Math.max(1, feeds.length)).retainReference();
    resultAddresses = new LongPointer(Math.max(1, results.length)).retainReference();
    targetCount = builder.targets.size();
    targetAddresses = new LongPointer(Math.max(1, targetCount)).retainReference();
    for (int i = 0; i < targetCount; i++) {
      targetAddresses.put(i, builder.targets.get(i).pointerIn(graph).address());
    }
    nativeFeedTensors = new PointerPointer<>(feedAddresses);
    nativeResultTensors = new PointerPointer<>(resultAddresses);
    nativeTargets = new PointerPointer<>(targetAddresses);
  }

  /** Describes a call. */
  public static final class Builder {
    private final Session session;
    private final List<Output> feeds = new ArrayList<>();
    private final List<Output> fetches = new ArrayList<>();
    private final List<Operation> targets = new ArrayList<>();

    Builder(Session session) {
      this.session = session;
    }

    /** Appends an output whose value is given by {@link Call#feed}. */
    public Builder feed(Output output) {
      output.operation().pointerIn(session.graph());
      feeds.add(output);
      return this;
    }

    /** Appends an output whose value is wanted. */
    public Builder fetch(Output output) {
      output.operation().pointerIn(session.graph());
      fetches.add(output);
      return this;
    }

    /** Adds an operation to run whose value is not wanted. */
    public Builder target(Operation operation) {
      operation.pointerIn(session.graph());
      targets.add(operation);
      return this;
    }

    /** The call; its feeds are not set yet. */
    public Call build() {
      session.lifetime().begin();
      try {
        return new Call(this);
      } finally {
        session.lifetime().end();
      }
    }

    int fetchCount() {
      return fetches.size();
    }
  }

  /**
   * Sets the tensor of a feed, in the order of the builder; it stays set until replaced. A result
   * of this call cannot be fed to it unless it is taken.
   */
  public Call feed(int index, Tensor tensor) {
    Objects.checkIndex(index, feeds.length);
    Objects.requireNonNull(tensor, "tensor");
    lifetime.check();
    for (Tensor result : results) {
      if (tensor == result) {
        throw new IllegalArgumentException("a call cannot be fed its own result: take it first");
      }
    }
    feeds[index] = tensor;
    return this;
  }

  /**
   * Runs. The results of the run before are released.
   *
   * @throws TensorFlowException if it fails; there are no results then
   * @throws IllegalStateException if the call, its session or a tensor fed is closed, a feed is not
   *     set, or another thread runs this call or reads its results
   */
  public void run() {
    lifetime.begin();
    try {
      if (!running.compareAndSet(false, true)) {
        throw new IllegalStateException("the call is being run by another thread");
      }
      try {
        runAlone();
      } finally {
        running.set(false);
      }
    } finally {
      lifetime.end();
    }
  }

  private void runAlone() {
    session.lifetime().begin();
    int held = 0;
    try {
      releaseResults();
      while (held < feeds.length) {
        holdFeed(held);
        held++;
      }
      runNative();
    } finally {
      while (held > 0) {
        held--;
        feeds[held].lifetime().end();
      }
      session.lifetime().end();
    }
  }

  private void holdFeed(int index) {
    Tensor tensor = feeds[index];
    if (tensor == null) {
      throw new IllegalStateException(
          "feed " + index + ", " + feedOutputs.get(index).name() + ", is not set");
    }
    tensor.lifetime().begin();
    feedAddresses.put(index, tensor.pointer().address());
  }

  private void releaseResults() {
    for (int i = 0; i < results.length; i++) {
      if (!results[i].lifetime().closeIfUnused()) {
        throw new IllegalStateException("result " + i + " is being used by another thread");
      }
    }
  }

  private void runNative() {
    for (int i = 0; i < results.length; i++) {
      resultAddresses.put(i, 0L);
    }
    TF_SessionRun(
        session.pointer(),
        null,
        nativeFeeds,
        nativeFeedTensors,
        feeds.length,
        nativeFetches,
        nativeResultTensors,
        results.length,
        nativeTargets,
        targetCount,
        null,
        status.pointer());
    if (!status.isOk()) {
      deleteLeftOvers();
      throw status.failure("run");
    }
    for (int i = 0; i < results.length; i++) {
      results[i].hold(resultAddresses.get(i));
    }
  }

  /** A run that fails late may have made some of its results. */
  private void deleteLeftOvers() {
    for (int i = 0; i < results.length; i++) {
      long address = resultAddresses.get(i);
      if (address != 0) {
        leftOver.moveTo(address);
        TF_DeleteTensor(leftOver);
      }
    }
  }

  /**
   * The result of a fetch, in the order of the builder. Owned by this call: the same object each
   * time, its content valid until the next run or close. It may share its memory with a tensor that
   * was fed or with a variable: read it only.
   */
  public Tensor result(int index) {
    lifetime.check();
    return results[Objects.checkIndex(index, results.length)];
  }

  /**
   * Gives a result away: it survives the next run, and the caller closes it.
   *
   * @throws IllegalStateException if there is none, for want of a run or because it was taken
   */
  public Tensor takeResult(int index) {
    Tensor taken = result(index);
    taken.lifetime().check();
    results[index] = Tensor.forResults();
    return taken;
  }

  int fetchCount() {
    return results.length;
  }

  /** Frees it, with its results that were not taken; a run in another thread ends before. */
  @Override
  public void close() {
    lifetime.close();
  }

  private void free() {
    for (Tensor result : results) {
      result.close();
    }
    nativeFeeds.releaseReference();
    nativeFetches.releaseReference();
    feedAddresses.releaseReference();
    resultAddresses.releaseReference();
    targetAddresses.releaseReference();
    status.close();
  }
}
