package dev.graft.capi;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteFunction;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_FunctionName;

import java.nio.charset.StandardCharsets;
import org.tensorflow.internal.c_api.TF_Function;

/** A {@code TF_Function}, made by {@link Graph#toFunction}. */
public final class GraphFunction implements AutoCloseable {
  private final TF_Function pointer;
  private final Lifetime lifetime = new Lifetime("the function is closed", this::free);

  GraphFunction(TF_Function pointer) {
    this.pointer = pointer;
  }

  /** The name by which attributes refer to it. */
  public String name() {
    lifetime.begin();
    try {
      return TF_FunctionName(pointer).getString(StandardCharsets.UTF_8);
    } finally {
      lifetime.end();
    }
  }

  TF_Function pointer() {
    return pointer;
  }

  Lifetime lifetime() {
    return lifetime;
  }

  /** Graphs that it was added to keep their copies. */
  @Override
  public void close() {
    lifetime.close();
  }

  private void free() {
    TF_DeleteFunction(pointer);
  }
}
