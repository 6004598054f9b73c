package dev.graft.capi;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteLibraryHandle;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_LoadLibrary;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_Version;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.tensorflow.internal.c_api.TF_Library;

/** The library itself. */
public final class TensorFlow {
  static {
    NativeLibrary.load();
  }

  private TensorFlow() {}

  /** The version of the loaded library, such as {@code 2.18.0}. */
  public static String version() {
    return TF_Version().getString(StandardCharsets.UTF_8);
  }

  /** The devices of this process. */
  public static List<Session.Device> devices() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      return session.devices();
    }
  }

  /**
   * Sets how many threads work inside one operation, in all sessions of this process: TensorFlow
   * takes the number from the first session that is made, so this must come before it.
   *
   * @param threads 0 lets TensorFlow decide
   */
  public static void setIntraOpThreads(int threads) {
    try (Graph graph = new Graph();
        Session session = new Session(graph, SessionOptions.DEFAULT.withIntraOpThreads(threads))) {
      session.devices();
    }
  }

  /**
   * How many threads work inside one operation, in all sessions of this process: what the first
   * session decided; before there is one, what TensorFlow would take by itself.
   */
  public static int intraOpThreads() {
    return IntraOpThreads.count();
  }

  /**
   * Loads a library of ops and kernels, for the rest of the process.
   *
   * @throws TensorFlowException if it cannot be loaded
   */
  public static void loadLibrary(Path library) {
    try (Status status = new Status()) {
      TF_Library handle = TF_LoadLibrary(library.toString(), status.pointer());
      status.check(() -> "loading " + library);
      // Frees the handle only: the library itself stays.
      TF_DeleteLibraryHandle(handle);
    }
  }
}
