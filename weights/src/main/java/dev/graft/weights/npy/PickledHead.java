package dev.graft.weights.npy;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.io.BufferBytes;
import java.nio.ByteBuffer;

/** Tells pickled .npy files from plain ones by their first bytes. */
public final class PickledHead {
  private PickledHead() {}

  /** Whether a whole, valid .npy header of dtype object stands at the head of a file. */
  public static boolean isIn(ByteBuffer head) {
    try {
      return NpyHeader.read(new BufferBytes(head), 0, head.limit(), "head").holdsObjects();
    } catch (MalformedWeightsException e) {
      return false;
    }
  }
}
