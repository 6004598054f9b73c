/**
 * Weight containers: names, dtypes and shapes of arrays, their bytes left in the mapped file.
 *
 * <p>{@link dev.graft.weights.WeightStore#open} recognises a container by its content, through the
 * {@link dev.graft.weights.WeightFormat} service, and checks its whole structure before it gives a
 * store; {@link dev.graft.weights.WeightWriter} writes one. A file is untrusted: lengths are
 * checked against it before anything is allocated, and nothing in it is ever run or loaded.
 *
 * <p>Stores and arrays are safe for use by several threads until the store is closed. After that
 * reads throw {@link java.lang.IllegalStateException}; buffers handed out before stay valid.
 */
package dev.graft.weights;
