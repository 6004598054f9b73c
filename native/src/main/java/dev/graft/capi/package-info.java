/**
 * The TensorFlow C API made safe: graphs, their operations, sessions, prepared calls and tensors.
 *
 * <p>Handles ({@link dev.graft.capi.Graph}, {@link dev.graft.capi.Session}, {@link
 * dev.graft.capi.Call}, {@link dev.graft.capi.Tensor}, {@link dev.graft.capi.GraphFunction}) hold
 * native memory until they are closed; nothing is freed by the garbage collector. Closing twice
 * does nothing, use after close is an {@link java.lang.IllegalStateException}, and a handle that
 * another thread uses is freed by that thread when it is done with it. A graph outlives its
 * sessions, in whatever order they are closed.
 *
 * <p>Graphs and sessions may be shared by any number of threads. An operation builder and a
 * prepared call belong to one thread at a time. Every error of TensorFlow is a {@link
 * dev.graft.capi.TensorFlowException} that keeps the native code.
 *
 * <p>{@link dev.graft.capi.KernelLibrary} adds Graft's own operations to TensorFlow where it can.
 *
 * <p>The native library is loaded by the first use of one of the classes. JavaCPP then is told not
 * to limit native memory (its {@code maxBytes} and {@code maxPhysicalBytes}), unless the system
 * properties of these names have been set.
 */
package dev.graft.capi;
