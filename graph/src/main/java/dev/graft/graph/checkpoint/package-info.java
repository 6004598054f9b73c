/**
 * TensorFlow checkpoints as weight containers: both versions are read, V2 is written.
 *
 * <p>Both are made of LevelDB tables. A V1 checkpoint is a table of {@code SavedTensorSlices}
 * messages, elements included. A V2 checkpoint, a tensor bundle, has a table of {@code
 * BundleEntryProto} messages, which say where in the data shards, files of bare elements, each
 * tensor lies.
 *
 * <p>Files are untrusted. Everything that TensorFlow's own reader, which ends the process at what
 * it does not expect, will look at has been checked before it gets a file. Stores and arrays are
 * safe for use by several threads; everything else belongs to one.
 */
package dev.graft.graph.checkpoint;
