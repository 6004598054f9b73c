package dev.graft.bench.peers;

import dev.graft.bench.NetSize;
import dev.graft.bench.TrainStep;

/**
 * A training step of VGG16-FCN-8s, as {@link TrainStep} measures it. What is compared is the loss
 * of the step, in which an earlier wrong update would show.
 */
final class TrainContestant implements Contestant {
  private final String name;
  private final TrainStep benchmark = new TrainStep();
  private float loss;

  TrainContestant(Engine engine, String backbone, NetSize size, int threads) {
    name = engine.label();
    benchmark.backbone = backbone;
    benchmark.kernels = engine == Engine.OWN ? "own" : "stock";
    benchmark.size = size.toString();
    benchmark.threads = threads;
    benchmark.open();
    // The losses after two updates are what the contestants are compared by.
    benchmark.step();
    benchmark.step();
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
    return new float[] {loss};
  }

  @Override
  public void close() {
    benchmark.close();
  }
}
