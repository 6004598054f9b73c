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
 * <p>Threads: building a graph is for one thread. A {@code Predictor}, a {@code ConstantsCache} and
 * the arrays of {@code ModelWeights} may be used by any number of threads, and by several processes
 * on one cache folder.
 */
package dev.graft.graph;
