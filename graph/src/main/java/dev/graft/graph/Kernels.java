package dev.graft.graph;

import dev.graft.capi.Graph;
import dev.graft.capi.KernelLibrary;
import dev.graft.capi.Session;
import dev.graft.capi.SessionOptions;
import dev.graft.capi.TensorFlow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the layers of a network are made of: Graft's own operations, or TensorFlow's stock ones.
 * Names of parameters, end points and checkpoints are the same; results differ by rounding. This is
 * the one place that decides.
 *
 * <p>Own operations are used where {@link KernelLibrary} has them, on a session of this process
 * without a GPU, unless the caller wants stock ones or {@code GRAFT_KERNELS=off} (or the system
 * property {@code graft.kernels=off}) switches them off. {@code TF_AddGradients} knows no gradient
 * of own operations: who calls {@link Graph#gradients} on a network builds it with {@link #STOCK}.
 *
 * <p>Immutable; safe for use by any number of threads.
 */
public final class Kernels {
  /** Own operations wherever they can be used. */
  public static final Kernels AUTO = new Kernels(true, false, SessionOptions.DEFAULT);

  /** Exactly what TensorFlow's stock operations compute. */
  public static final Kernels STOCK = new Kernels(false, false, SessionOptions.DEFAULT);

  private static final Path NVIDIA_DEVICE = Path.of("/dev/nvidiactl");

  private final boolean wanted;
  private final boolean bfloat16Dense;
  private final SessionOptions options;

  private Kernels(boolean wanted, boolean bfloat16Dense, SessionOptions options) {
    this.wanted = wanted;
    this.bfloat16Dense = bfloat16Dense;
    this.options = options;
  }

  /** The same choice for graphs that run in sessions with these options. */
  public Kernels in(SessionOptions sessions) {
    return new Kernels(wanted, bfloat16Dense, sessions);
  }

  /**
   * The same choice for prediction with less memory: the frozen kernels of fc6, fc7 and fc8 are
   * read as bfloat16, half the bytes, and computed with as float32. They keep 8 of 24 bits, so that
   * results differ from those without by some thousandths. Needs own operations, and {@link
   * ModelWeights#constants} made with it; cannot be trained with.
   */
  public Kernels withBfloat16Dense() {
    return new Kernels(wanted, true, options);
  }

  /** Whether networks are built with own operations. */
  public boolean areOwn() {
    return against().isEmpty();
  }

  /**
   * Whether frozen fully connected kernels are read as bfloat16.
   *
   * @throws GraphException where they are to be and own operations cannot be used, saying why
   */
  public boolean bfloat16Dense() {
    if (!bfloat16Dense) {
      return false;
    }
    Optional<String> reason = against();
    if (reason.isPresent()) {
      throw new GraphException(
          "fully connected weights as bfloat16 need Graft's own operations, which are not in use: "
              + reason.get());
    }
    return true;
  }

  /**
   * Refuses what nothing can be trained with.
   *
   * @throws GraphException where fully connected kernels are to be read as bfloat16
   */
  public void requireTrainable() {
    if (bfloat16Dense) {
      throw new GraphException(
          "a network whose fully connected weights are bfloat16 cannot be trained: these layers"
              + " have no gradient; leave withBfloat16Dense() out");
    }
  }

  /**
   * What is in use and why, on one line: {@code own (version 1, AVX2)}, perhaps with {@code , fully
   * connected weights as bfloat16}.
   */
  public String description() {
    return against()
        .map(reason -> "stock (" + reason + ")")
        .orElseGet(
            () ->
                "own ("
                    + KernelLibrary.load().description()
                    + ")"
                    + (bfloat16Dense ? ", fully connected weights as bfloat16" : ""));
  }

  /** What speaks against own operations. */
  private Optional<String> against() {
    if (!wanted) {
      return Optional.of("as the caller wants it");
    }
    if (!options.target().isEmpty()) {
      return Optional.of("the session is on the server " + options.target());
    }
    KernelLibrary library = KernelLibrary.load();
    if (!library.available()) {
      return Optional.of(library.reason());
    }
    return hasGpu() ? Optional.of("the session has a GPU") : Optional.empty();
  }

  /**
   * Asks TensorFlow only where there is a driver: the first session of a process decides about its
   * threads.
   */
  private boolean hasGpu() {
    if (options.deviceCpuOnly() || !Files.exists(NVIDIA_DEVICE)) {
      return false;
    }
    try (Graph graph = new Graph();
        Session session = new Session(graph, options)) {
      return session.devices().stream().anyMatch(device -> device.type().equals("GPU"));
    }
  }

  /** How many threads one own operation may use: as many as one of TensorFlow's in this process. */
  int threads() {
    if (options.intraOpThreads() > 0) {
      TensorFlow.setIntraOpThreads(options.intraOpThreads());
    }
    return TensorFlow.intraOpThreads();
  }

  /**
   * How a session predicts with these kernels. Own operations follow one another and each uses all
   * threads, so they run in the caller's thread unless the options say how many are to run side by
   * side: another thread would have to be woken first, perhaps where a helper runs.
   */
  public SessionOptions forPrediction() {
    return areOwn() && options.interOpThreads() == 0 ? options.withInterOpThreads(-1) : options;
  }

  /** How short runs are done that belong to these sessions. */
  SessionOptions options() {
    return options;
  }

  /** Stands for what packed kernels depend on, besides their values: {@code 1-AVX2}. */
  String format() {
    KernelLibrary library = KernelLibrary.load();
    return library.version() + "-" + library.instructionSet();
  }
}
