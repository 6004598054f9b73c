package dev.graft.cli;

import dev.graft.capi.Tensor;
import dev.graft.cli.Failures.Failed;
import dev.graft.cli.image.MaskImages;
import dev.graft.cli.image.Overlays;
import dev.graft.graph.Predictor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;

/** Of a segmentation network: STEM.png, STEM.overlay.png and, if wanted, STEM.logits.npy. */
final class MaskAnswers implements Answers {
  private static final int MAX_CLASSES = 256;

  private final Predictor predictor;
  private final Path folder;
  private final boolean raw;
  private final LogitsFile logits;
  private byte[] rgb = {};
  private byte[] ids = {};

  MaskAnswers(Predictor predictor, Path folder, boolean raw) {
    if (predictor.classes() > MAX_CLASSES) {
      throw new Failed(
          "the network tells "
              + predictor.classes()
              + " classes apart; class ids in a PNG are one byte, so 256 is the most");
    }
    this.predictor = predictor;
    this.folder = folder;
    this.raw = raw;
    this.logits = new LogitsFile(predictor);
  }

  @Override
  public void write(String stem, Tensor image) throws IOException {
    int height = (int) image.dim(0);
    int width = (int) image.dim(1);
    int pixels = Math.multiplyExact(height, width);
    if (ids.length != pixels) {
      ids = new byte[pixels];
      rgb = new byte[Math.multiplyExact(pixels, 3)];
    }
    image.read(0, rgb, 0, rgb.length);
    if (raw) {
      largest(logits.predict(image));
      logits.write(folder.resolve(stem + ".logits.npy"));
    } else {
      predictor.classIds(image.bytes(), height, width, ByteBuffer.wrap(ids));
    }
    MaskImages.write(folder.resolve(stem + ".png"), ids, height, width);
    Overlays.write(folder.resolve(stem + ".overlay.png"), rgb, ids, height, width, -1);
  }

  /** The class of each pixel, of equal scores the first, as the graph has it too. */
  private void largest(FloatBuffer scores) {
    int classes = predictor.classes();
    for (int pixel = 0; pixel < ids.length; pixel++) {
      int best = 0;
      for (int i = 1; i < classes; i++) {
        if (scores.get(pixel * classes + i) > scores.get(pixel * classes + best)) {
          best = i;
        }
      }
      ids[pixel] = (byte) best;
    }
  }
}
