package dev.graft.capi;

import java.util.Locale;
import org.bytedeco.javacpp.Loader;
import org.tensorflow.internal.c_api.global.tensorflow;

/** Loads TensorFlow, once, before the first class of JavaCPP is used. */
final class NativeLibrary {
  static {
    // JavaCPP limits native memory by the size of the Java heap, which says nothing about weights
    // that are mapped and tensors that TensorFlow allocates.
    unlimited("org.bytedeco.javacpp.maxBytes");
    unlimited("org.bytedeco.javacpp.maxPhysicalBytes");
    Loader.load(tensorflow.class);
  }

  private NativeLibrary() {}

  /** Makes sure that the library is loaded. */
  static void load() {
    // The static initializer has done it.
  }

  private static void unlimited(String property) {
    // JavaCPP reads the name in lower case too.
    String lowerCase = property.toLowerCase(Locale.ROOT);
    if (System.getProperty(property) == null && System.getProperty(lowerCase) == null) {
      System.setProperty(property, "0");
    }
  }
}
