package dev.graft.capi;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationGetAttrInt;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.bytedeco.javacpp.Loader;

/**
 * The library of Graft's own operations ({@code GraftConv3x3} and others), or why there is none in
 * this process. Where there is none, graphs are built with TensorFlow's stock operations.
 *
 * <p>{@code GRAFT_KERNELS=off} in the environment or the system property {@code graft.kernels=off}
 * switches it off; the system property {@code graft.kernels.library} names another file to load;
 * {@code GRAFT_KERNELS_ISA=avx2} in the environment keeps it from using AVX-512.
 *
 * @param available whether graphs may have its operations
 * @param reason why it is not available, as half a sentence; empty where it is
 * @param version the version of its kernels, which is part of the format of packed kernels; 0 where
 *     none was loaded
 * @param instructionSet what it uses of the processor, which is part of that format too: {@code
 *     AVX2} or {@code AVX-512}; empty where it is not available
 */
public record KernelLibrary(boolean available, String reason, int version, String instructionSet) {
  private static final String SWITCH = "graft.kernels";
  private static final String SWITCH_VARIABLE = "GRAFT_KERNELS";
  private static final String OTHER_LIBRARY = "graft.kernels.library";
  private static final String INSTRUCTIONS_VARIABLE = "GRAFT_KERNELS_ISA";
  private static final String FILE = "libgraft_kernels.so";

  private static final class Holder {
    private static final KernelLibrary LOADED = find();
  }

  /** The library, loaded on the first call, for the rest of the process. Never throws. */
  public static KernelLibrary load() {
    return Holder.LOADED;
  }

  /** What is in use, or why nothing is, in a few words. */
  public String description() {
    return available ? "version " + version + ", " + instructionSet : "not used: " + reason;
  }

  private static KernelLibrary find() {
    if ("off".equalsIgnoreCase(System.getenv(SWITCH_VARIABLE))) {
      return none("switched off by " + SWITCH_VARIABLE + "=off");
    }
    if ("off".equalsIgnoreCase(System.getProperty(SWITCH))) {
      return none("switched off by " + SWITCH + "=off");
    }
    try {
      String other = System.getProperty(OTHER_LIBRARY);
      if (other != null) {
        TensorFlow.loadLibrary(Path.of(other).toAbsolutePath());
        return loaded();
      }
      String platform = Loader.getPlatform();
      URL resource = KernelLibrary.class.getResource(platform + "/" + FILE);
      if (resource == null) {
        return none("no library for " + platform);
      }
      loadResource(resource);
      return loaded();
    } catch (IOException | URISyntaxException | RuntimeException | LinkageError e) {
      return none("cannot be loaded: " + e.getMessage());
    }
  }

  private static void loadResource(URL resource) throws IOException, URISyntaxException {
    if (resource.getProtocol().equals("file")) {
      TensorFlow.loadLibrary(Path.of(resource.toURI()));
      return;
    }
    // Beside TensorFlow's own libraries, for libraries can be loaded from there: many a folder of
    // temporary files does not allow it.
    File folder = Loader.getCacheDir();
    Path copy = Files.createTempFile(folder.toPath(), "graft-kernels-", ".so");
    try (InputStream content = resource.openStream()) {
      Files.copy(content, copy, StandardCopyOption.REPLACE_EXISTING);
      TensorFlow.loadLibrary(copy);
    } finally {
      // What is loaded stays, without a name.
      Files.deleteIfExists(copy);
    }
  }

  /**
   * Asks the operation {@code GraftInfo}, by the defaults of its attributes: running it takes a
   * session, and the first session fixes the number of TensorFlow's threads.
   */
  private static KernelLibrary loaded() {
    try (Graph graph = new Graph()) {
      Operation info = graph.op("GraftInfo", "info").finish();
      int version = (int) attribute(graph, info, "version");
      int instructions = (int) attribute(graph, info, "isa");
      return switch (instructions) {
        case 0 -> new KernelLibrary(false, noInstructions(), version, "");
        case 2 -> new KernelLibrary(true, "", version, "AVX2");
        case 5 -> new KernelLibrary(true, "", version, "AVX-512");
        default -> none("cannot be loaded: unknown instruction set " + instructions);
      };
    }
  }

  private static String noInstructions() {
    return "none".equals(System.getenv(INSTRUCTIONS_VARIABLE))
        ? "switched off by " + INSTRUCTIONS_VARIABLE + "=none"
        : "this processor has no AVX2 with FMA";
  }

  private static long attribute(Graph graph, Operation operation, String name) {
    long[] value = new long[1];
    try (Status status = new Status()) {
      TF_OperationGetAttrInt(operation.pointerIn(graph), name, value, status.pointer());
      status.check(() -> "attribute '" + name + "' of " + operation);
    }
    return value[0];
  }

  private static KernelLibrary none(String reason) {
    return new KernelLibrary(false, reason, 0, "");
  }
}
