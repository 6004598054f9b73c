package dev.graft.graph;

import dev.graft.capi.Call;
import dev.graft.capi.DataType;
import dev.graft.capi.Graph;
import dev.graft.capi.Output;
import dev.graft.capi.Session;
import dev.graft.capi.SessionOptions;
import dev.graft.capi.Tensor;
import dev.graft.mapping.NameMapping;
import dev.graft.weights.Shape;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Answers for one image at a time: class ids, probabilities or logits into the caller's buffer. Any
 * number of threads may use one predictor at once; each concurrent call has its own input and
 * output tensors, which are kept and used again, so that calls with images of the same size
 * allocate nothing on the heap.
 *
 * <p>Images are uint8 RGB, rows from the top, [height, width, 3]. Answers are [rows, columns] class
 * ids or [rows, columns, classes] float32, where rows and columns are the image's height and width
 * for a segmentation network, and 1 and 1 for a classifier on 224×224 (see {@link #rows}).
 */
public final class Predictor implements AutoCloseable {
  /** More classes than this do not fit class ids of one byte. */
  private static final int MAX_CLASSES = 256;

  private enum Answer {
    CLASS_IDS,
    PROBABILITIES,
    LOGITS
  }

  private final Graph graph = new Graph();
  private final Session session;
  private final Model model;
  private final int classes;
  private final Network network;
  private final Output images;
  private final Map<Answer, Output> answers = new EnumMap<>(Answer.class);
  private final Deque<Lane> idle = new ArrayDeque<>();
  private int busy;
  private boolean closed;

  private Predictor(
      Model model,
      Map<String, Shape> shapes,
      Map<String, Constant> constants,
      Kernels kernels,
      SessionOptions options) {
    try {
      this.model = model;
      Kernels chosen = kernels.in(options);
      Ops ops = new Ops(graph, chosen);
      images = ops.placeholder("images", DataType.UINT8, 1, -1, -1, 3);
      Parameters parameters = Parameters.create(ops, shapes, constants);
      network = Network.build(ops, model, Network.preprocess(ops, images), parameters.values());
      Output logits = network.logits();
      classes = (int) logits.shape()[3];
      answers.put(Answer.LOGITS, logits);
      if (classes <= MAX_CLASSES) {
        answers.put(
            Answer.CLASS_IDS, ops.cast("class_ids", ops.argMax("largest", logits), DataType.UINT8));
      }
      answers.put(Answer.PROBABILITIES, ops.softmax("probabilities", logits));
      session = new Session(graph, chosen.forPrediction());
    } catch (RuntimeException | Error e) {
      graph.close();
      throw e;
    }
  }

  /** A predictor with {@link Kernels#AUTO}. */
  public static Predictor of(ModelWeights weights, SessionOptions options, LongConsumer progress) {
    return of(weights, Kernels.AUTO, options, progress);
  }

  /**
   * A predictor on checked weights, all of them constants. The weights may be closed afterwards.
   *
   * @param progress is told the bytes of every constant that had to be made first
   */
  public static Predictor of(
      ModelWeights weights, Kernels kernels, SessionOptions options, LongConsumer progress) {
    Map<String, Constant> constants =
        weights.constants(weights.shapes().keySet(), kernels.in(options), progress);
    return of(weights, constants, kernels, options);
  }

  /** A predictor with {@link Kernels#AUTO}. */
  public static Predictor of(
      ModelWeights weights, Map<String, Constant> constants, SessionOptions options) {
    return of(weights, constants, Kernels.AUTO, options);
  }

  /**
   * A predictor on checked weights whose {@link ModelWeights#constants} are made already.
   *
   * @param constants of all parameters, made for the same kernels
   */
  public static Predictor of(
      ModelWeights weights,
      Map<String, Constant> constants,
      Kernels kernels,
      SessionOptions options) {
    return new Predictor(weights.model(), weights.shapes(), constants, kernels, options);
  }

  /** A predictor on a training run: its best checkpoint, or its last where none was validated. */
  public static Predictor open(Path run) {
    return open(new RunFolder(run).model(), run, NameMapping.bundled("graft"));
  }

  /** A predictor on one weight file, read through a name table. */
  public static Predictor open(Model model, Path file, NameMapping mapping) {
    ConstantsCache cache = ConstantsCache.ofUser();
    try (ModelWeights weights =
        ModelWeights.load(ModelWeights.Request.of(model, file, mapping), cache)) {
      return of(weights, SessionOptions.DEFAULT, bytes -> {});
    }
  }

  /** The network. */
  public Model model() {
    return model;
  }

  /** How many classes it tells apart. */
  public int classes() {
    return classes;
  }

  /** The names of the end points that {@link #endPoint} computes. */
  public Set<String> endPoints() {
    return network.endPoints();
  }

  /** Rows of the answer to an image of this height, in pixels. */
  public int rows(int height) {
    return size(height);
  }

  /** Columns of the answer to an image of this width, in pixels. */
  public int columns(int width) {
    return size(width);
  }

  private int size(int pixels) {
    if (model.segments()) {
      return pixels;
    }
    int size = pixels;
    for (int stage = 0; stage < model.backbone().stages(); stage++) {
      size = (size + 1) / 2;
    }
    return size - 6;
  }

  /**
   * The class of each pixel.
   *
   * @param rgb [height, width, 3]
   * @param ids receives [rows, columns]
   */
  public void classIds(byte[] rgb, int height, int width, byte[] ids) {
    int length = check(Answer.CLASS_IDS, rgb.length, height, width, ids.length);
    Lane lane = take();
    try {
      lane.run(Answer.CLASS_IDS, rgb, height, width).read(0, ids, 0, length);
    } finally {
      give(lane);
    }
  }

  /**
   * The class of each pixel, from and into buffers.
   *
   * @param rgb [height, width, 3] from its position; a direct buffer at a multiple of 64 bytes is
   *     not copied
   * @param ids receives [rows, columns] from its position, which moves behind them
   */
  public void classIds(ByteBuffer rgb, int height, int width, ByteBuffer ids) {
    check(Answer.CLASS_IDS, rgb.remaining(), height, width, ids.remaining());
    Lane lane = take();
    try {
      ids.put(lane.run(Answer.CLASS_IDS, rgb, height, width).bytes());
    } finally {
      give(lane);
    }
  }

  /**
   * The softmax over the classes.
   *
   * @param rgb [height, width, 3]
   * @param out receives [rows, columns, classes]
   */
  public void probabilities(byte[] rgb, int height, int width, float[] out) {
    floats(Answer.PROBABILITIES, rgb, height, width, out);
  }

  /**
   * The scores before the softmax.
   *
   * @param rgb [height, width, 3]
   * @param out receives [rows, columns, classes]
   */
  public void logits(byte[] rgb, int height, int width, float[] out) {
    floats(Answer.LOGITS, rgb, height, width, out);
  }

  private void floats(Answer answer, byte[] rgb, int height, int width, float[] out) {
    int length = check(answer, rgb.length, height, width, out.length);
    Lane lane = take();
    try {
      lane.run(answer, rgb, height, width).read(0, out, 0, length);
    } finally {
      give(lane);
    }
  }

  /**
   * The softmax over the classes, from and into buffers.
   *
   * @param rgb as in {@link #classIds(ByteBuffer, int, int, ByteBuffer)}
   * @param out receives float32 [rows, columns, classes] in native byte order
   */
  public void probabilities(ByteBuffer rgb, int height, int width, ByteBuffer out) {
    floats(Answer.PROBABILITIES, rgb, height, width, out);
  }

  /**
   * The scores before the softmax, from and into buffers.
   *
   * @param rgb as in {@link #classIds(ByteBuffer, int, int, ByteBuffer)}
   * @param out receives float32 [rows, columns, classes] in native byte order
   */
  public void logits(ByteBuffer rgb, int height, int width, ByteBuffer out) {
    floats(Answer.LOGITS, rgb, height, width, out);
  }

  private void floats(Answer answer, ByteBuffer rgb, int height, int width, ByteBuffer out) {
    check(answer, rgb.remaining(), height, width, out.remaining() / Float.BYTES);
    Lane lane = take();
    try {
      out.put(lane.run(answer, rgb, height, width).bytes());
    } finally {
      give(lane);
    }
  }

  /**
   * Any end point, such as {@code pool5}: features for other uses. The caller closes the result.
   *
   * @param rgb [height, width, 3]
   * @return float32 [1, rows, columns, channels] of that layer
   */
  public Tensor endPoint(String name, byte[] rgb, int height, int width) {
    checkImage(rgb.length, height, width);
    Output output = network.endPoint(name);
    try (Tensor input = Tensor.of(rgb, 1, height, width, 3)) {
      return session.runner().feed(images, input).fetch(output).runOne();
    }
  }

  private void checkImage(long bytes, int height, int width) {
    if (height < 1 || width < 1 || size(height) < 1 || size(width) < 1) {
      throw new IllegalArgumentException(
          "the image is too small for " + model + ": " + height + "×" + width + " pixels");
    }
    if (bytes != 3L * height * width) {
      throw new IllegalArgumentException(
          "an RGB image of "
              + height
              + "×"
              + width
              + " pixels has "
              + 3L * height * width
              + " bytes, not "
              + bytes);
    }
  }

  /** Elements of the answer. */
  private int check(Answer answer, long bytes, int height, int width, long room) {
    checkImage(bytes, height, width);
    if (!answers.containsKey(answer)) {
      throw new IllegalStateException(
          "class ids are bytes, and the network has " + classes + " classes: use the logits");
    }
    long pixels = (long) size(height) * size(width);
    long length = answer == Answer.CLASS_IDS ? pixels : pixels * classes;
    if (room < length) {
      throw new IllegalArgumentException(
          "the answer has " + length + " elements, and there is room for " + room);
    }
    return Math.toIntExact(length);
  }

  private synchronized Lane take() {
    if (closed) {
      throw new IllegalStateException("the predictor is closed");
    }
    busy++;
    Lane lane = idle.pollLast();
    return lane != null ? lane : new Lane();
  }

  private synchronized void give(Lane lane) {
    busy--;
    idle.addLast(lane);
    if (closed) {
      notifyAll();
    }
  }

  /** Waits for running calls, then frees everything. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      boolean interrupted = false;
      while (busy > 0) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      idle.forEach(Lane::close);
      idle.clear();
    }
    session.close();
    graph.close();
  }

  /** What one call at a time uses: an input tensor and prepared calls. */
  private final class Lane implements AutoCloseable {
    private final Map<Answer, Call> calls = new EnumMap<>(Answer.class);
    private Tensor input;

    Tensor run(Answer answer, byte[] rgb, int height, int width) {
      Tensor tensor = input(height, width);
      tensor.write(0, rgb, 0, rgb.length);
      return run(answer, tensor);
    }

    Tensor run(Answer answer, ByteBuffer rgb, int height, int width) {
      if (rgb.isDirect()) {
        try (Tensor wrapped = Tensor.wrap(DataType.UINT8, rgb.duplicate(), 1, height, width, 3)) {
          return run(answer, wrapped);
        }
      }
      Tensor tensor = input(height, width);
      tensor.bytes().put(rgb.duplicate());
      return run(answer, tensor);
    }

    private Tensor run(Answer answer, Tensor tensor) {
      Call call = calls.get(answer);
      if (call == null) {
        call = session.call().feed(images).fetch(answers.get(answer)).build();
        calls.put(answer, call);
      }
      call.feed(0, tensor).run();
      return call.result(0);
    }

    private Tensor input(int height, int width) {
      if (input == null || input.dim(1) != height || input.dim(2) != width) {
        if (input != null) {
          input.close();
        }
        input = Tensor.allocate(DataType.UINT8, 1, height, width, 3);
      }
      return input;
    }

    @Override
    public void close() {
      calls.values().forEach(Call::close);
      if (input != null) {
        input.close();
      }
    }
  }
}
