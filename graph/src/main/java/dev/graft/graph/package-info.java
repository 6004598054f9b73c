/**
 * VGG16, VGG19 and FCN-32s, 16s and 8s in TensorFlow graphs.
 *
 * <p>The way of a weight: {@link dev.graft.graph.ModelWeights} takes files through their name
 * tables and checks them as a whole; {@link dev.graft.graph.ConstantsCache} has frozen parameters
 * as raw files; {@link dev.graft.graph.Parameters} puts each into a graph, as a mapped constant or
 * as a variable; {@link dev.graft.graph.Network} reads them. {@link dev.graft.graph.TrainingGraph}
 * adds loss, gradients and updates, {@link dev.graft.graph.Checkpoint} keeps the variables, and
 * {@link dev.graft.graph.Predictor} is what other programs embed.
 *
 * <p>{@link dev.graft.graph.Kernels} decides whether a network consists of TensorFlow's operations
 * or of Graft's own. Own ones are added by {@code OwnLayers} and noted in {@code GraphKernels}, so
 * that {@code Backward} can build the gradients that TensorFlow does not know. Other forms of
 * frozen kernels that they take are made by {@code PackedKernels} and {@code Bfloat16Kernels}.
 *
 * <p>Threads: building a graph is for one thread. A {@code Predictor}, a {@code ConstantsCache} and
 * the arrays of {@code ModelWeights} may be used by any number of threads, and by several processes
 * on one cache folder.
 */
package dev.graft.graph;
