/**
 * PyTorch's files: the zip archives of {@code torch.save} since 1.6 and of TorchScript, the
 * consecutive pickles of before, and the tar archives of before 0.1.10; written are the zip
 * archives. Their pickles go through the shared machine of {@link dev.graft.weights.pickle}, with
 * constructors that make tensors and plain values only; the storages stay in the mapped file.
 *
 * <p>The formats are stateless; everything else here belongs to one thread that opens or writes a
 * file.
 */
package dev.graft.weights.torch;
