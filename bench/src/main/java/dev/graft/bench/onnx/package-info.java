/**
 * Writes ONNX models, as much of the format as the benchmarks need to give a peer the same network
 * and weights: float32, straight chains of nodes, weights in a file of their own beside the model.
 *
 * <p>One thread per model.
 */
package dev.graft.bench.onnx;
