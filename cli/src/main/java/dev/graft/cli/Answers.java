package dev.graft.cli;

import dev.graft.capi.Tensor;
import java.io.IOException;

/** Predicts one image after another and writes what comes out. */
interface Answers {
  /**
   * Predicts an image and writes its files.
   *
   * @param stem the first part of the files' names
   * @param image uint8 RGB [height, width, 3]
   * @throws Failures.Failed where the network cannot answer to this image
   */
  void write(String stem, Tensor image) throws IOException;
}
