/**
 * Graft's own operations side by side with stock TensorFlow and ONNX Runtime: {@code graft bench
 * peers}.
 *
 * <p>On a machine that others use too, two times that were taken minutes apart cannot be compared.
 * So all contestants of a contest are opened in one process, checked to give the same answer, and
 * then take turns, round after round. What is reported is the median of the ratios within a round,
 * and how far they spread.
 *
 * <p>One thread; the contestants' own threads are as many as {@code --threads} says.
 */
package dev.graft.bench.peers;
