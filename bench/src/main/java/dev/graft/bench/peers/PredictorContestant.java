package dev.graft.bench.peers;

import dev.graft.bench.NetSize;
import dev.graft.bench.Networks;
import dev.graft.graph.Model;
import dev.graft.graph.Predictor;

/**
 * VGG16-FCN-8s through Graft's predictor: uint8 RGB [height, width, 3] to class ids [height,
 * width]. What is compared are the scores, of which the class ids are the largest.
 */
final class PredictorContestant implements Contestant {
  private static final int PIXELS = 512;

  private final String name;
  private final Predictor predictor;
  private final int pixels;
  private final byte[] rgb;
  private final byte[] ids;

  PredictorContestant(Engine engine, NetSize size, int threads) {
    name = engine.label();
    predictor = Networks.predictor(Model.FCN8S, size, engine.kernels(), Engine.session(threads));
    pixels = size.pixels(PIXELS);
    rgb = Networks.noise(pixels * pixels * 3, 256);
    ids = new byte[pixels * pixels];
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void run() {
    predictor.classIds(rgb, pixels, pixels, ids);
  }

  @Override
  public float[] result() {
    float[] logits = new float[pixels * pixels * predictor.classes()];
    predictor.logits(rgb, pixels, pixels, logits);
    return logits;
  }

  @Override
  public void close() {
    predictor.close();
  }
}
