package dev.graft.capi;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_CloseSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteDeviceList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteSessionOptions;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListCount;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListMemoryBytes;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListName;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListType;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewSessionOptions;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SessionListDevices;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetConfig;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetTarget;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.bytedeco.javacpp.BytePointer;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;

/**
 * A {@code TF_Session} on a graph. Any number of threads may run it at once; {@link #close()} waits
 * for the running calls.
 */
public final class Session implements AutoCloseable {
  private final Graph graph;
  private final TF_Session pointer;
  private final Lifetime lifetime = new Lifetime("the session is closed", this::free);
  private final CountDownLatch freed = new CountDownLatch(1);

  /** A session with {@link SessionOptions#DEFAULT}. */
  public Session(Graph graph) {
    this(graph, SessionOptions.DEFAULT);
  }

  /**
   * A session on a graph, which may grow further; it stays usable here after the graph is closed.
   *
   * @throws TensorFlowException if TensorFlow refuses the options, the target among them
   */
  public Session(Graph graph, SessionOptions options) {
    this.graph = graph;
    graph.lifetime().begin();
    try {
      pointer = create(graph, options);
    } catch (RuntimeException e) {
      graph.lifetime().end();
      throw e;
    }
  }

  private static TF_Session create(Graph graph, SessionOptions options) {
    byte[] config = SessionConfig.encode(options);
    TF_SessionOptions nativeOptions = TF_NewSessionOptions();
    try (Status status = new Status();
        BytePointer bytes = new BytePointer(config)) {
      TF_SetConfig(nativeOptions, bytes, config.length, status.pointer());
      status.check(() -> "session options " + options);
      TF_SetTarget(nativeOptions, options.target());
      TF_Session session = TF_NewSession(graph.pointer(), nativeOptions, status.pointer());
      status.check(() -> "session with " + options);
      IntraOpThreads.sessionMade(options);
      return session;
    } finally {
      TF_DeleteSessionOptions(nativeOptions);
    }
  }

  /** A device that TensorFlow sees; memory in bytes. */
  public record Device(String name, String type, long memoryBytes) {}

  /** The devices that operations can run on. */
  public List<Device> devices() {
    lifetime.begin();
    try (Status status = new Status()) {
      TF_DeviceList list = TF_SessionListDevices(pointer, status.pointer());
      status.check(() -> "listing devices");
      try {
        List<Device> devices = new ArrayList<>();
        for (int i = 0; i < TF_DeviceListCount(list); i++) {
          devices.add(device(list, i, status));
        }
        return devices;
      } finally {
        TF_DeleteDeviceList(list);
      }
    } finally {
      lifetime.end();
    }
  }

  private static Device device(TF_DeviceList list, int index, Status status) {
    BytePointer name = TF_DeviceListName(list, index, status.pointer());
    status.check(() -> "name of a device");
    BytePointer type = TF_DeviceListType(list, index, status.pointer());
    status.check(() -> "type of a device");
    long memoryBytes = TF_DeviceListMemoryBytes(list, index, status.pointer());
    status.check(() -> "memory of a device");
    return new Device(
        name.getString(StandardCharsets.UTF_8),
        type.getString(StandardCharsets.UTF_8),
        memoryBytes);
  }

  /** Starts the description of a prepared call. */
  public Call.Builder call() {
    lifetime.check();
    return new Call.Builder(this);
  }

  /** Runs once: for set-up and tests. The caller closes the tensors that it gets. */
  public Runner runner() {
    lifetime.check();
    return new Runner(this);
  }

  Graph graph() {
    return graph;
  }

  TF_Session pointer() {
    return pointer;
  }

  Lifetime lifetime() {
    return lifetime;
  }

  /** Refuses new calls, waits for those that run, then frees the session. */
  @Override
  public void close() {
    lifetime.close();
    boolean interrupted = false;
    while (true) {
      try {
        freed.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void free() {
    try (Status status = new Status()) {
      // Nobody can do anything about a session that fails to close; it is deleted either way.
      TF_CloseSession(pointer, status.pointer());
      TF_DeleteSession(pointer, status.pointer());
    } finally {
      graph.lifetime().end();
      freed.countDown();
    }
  }

  /** One run described step by step. */
  public static final class Runner {
    private final Call.Builder call;
    private final List<Tensor> feeds = new ArrayList<>();

    Runner(Session session) {
      call = new Call.Builder(session);
    }

    /** Sets what an output yields in this run. */
    public Runner feed(Output output, Tensor tensor) {
      call.feed(output);
      feeds.add(tensor);
      return this;
    }

    /** Asks for the value of an output. */
    public Runner fetch(Output output) {
      call.fetch(output);
      return this;
    }

    /** Asks for an operation to be run. */
    public Runner target(Operation operation) {
      call.target(operation);
      return this;
    }

    /** The fetched tensors in the order of the fetches. */
    public List<Tensor> run() {
      try (Call prepared = call.build()) {
        for (int i = 0; i < feeds.size(); i++) {
          prepared.feed(i, feeds.get(i));
        }
        prepared.run();
        List<Tensor> results = new ArrayList<>();
        for (int i = 0; i < prepared.fetchCount(); i++) {
          results.add(prepared.takeResult(i));
        }
        return results;
      }
    }

    /**
     * Runs with exactly one fetch.
     *
     * @throws IllegalStateException if there is not exactly one
     */
    public Tensor runOne() {
      if (call.fetchCount() != 1) {
        throw new IllegalStateException("expected one fetch, found " + call.fetchCount());
      }
      return run().get(0);
    }
  }
}
