package dev.graft.bench.peers;

import dev.graft.bench.NetSize;
import dev.graft.bench.TrainStep;

/**
 * A training step of VGG16-FCN-8s, as {@link TrainStep} measures it. What is compared are the
 * losses before and after the first update; later ones grow apart, for Adam's first updates are as
 * large where a gradient is but rounding.
 */
final class TrainContestant implements Contestant {
  private final String name;
  private final TrainStep benchmark = new TrainStep();
  private final float firstLoss;
  private float loss;

  TrainContestant(Engine engine, String backbone, NetSize size, int threads) {
    name = engine.label();
    benchmark.backbone = backbone;
    benchmark.kernels = engine == Engine.OWN ? "own" : "stock";
    benchmark.size = size.toString();
    benchmark.threads = threads;
    benchmark.open();
    firstLoss = benchmark.step();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void run() {
    loss = benchmark.step();
  }

  @Override
  public float[] result() {
    return new float[] {firstLoss, loss};
  }

  @Override
  public void close() {
    benchmark.close();
  }
}
