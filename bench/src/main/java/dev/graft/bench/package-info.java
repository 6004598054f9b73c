/**
 * JMH benchmarks of what a caller of Graft waits for: a call, a prediction, a training step, the
 * opening of weights. {@link dev.graft.bench.BenchMain} runs them and writes dated results.
 *
 * <p>Networks have their true size and seeded synthetic weights, so that nothing has to be
 * downloaded and two machines measure the same; with {@code -p size=narrow} they are narrow, to see
 * quickly that everything runs.
 *
 * <p>The states are for one benchmark thread ({@code -t 1}, the default), but for {@link
 * dev.graft.bench.VggPrediction} and {@link dev.graft.bench.Fcn8sPrediction}, where each thread has
 * an image and an answer of its own and all share one predictor.
 */
package dev.graft.bench;
