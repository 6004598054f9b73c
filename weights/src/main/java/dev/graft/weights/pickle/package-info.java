/**
 * Pickles, and the two containers of numpy arrays made of them: the dictionary .npy, numpy's object
 * array of shape () around a pickled dictionary, and the bare pickle of a dictionary. The pickle
 * machine makes data only, out of an allow-list of opcodes and of each container's constructors; it
 * never loads a class, and the arrays' bytes stay in the mapped file.
 *
 * <p>The machine is shared: {@link dev.graft.weights.pickle.Unpickler} takes a container's {@link
 * dev.graft.weights.pickle.Constructors}. It and they are for one thread; formats are stateless.
 */
package dev.graft.weights.pickle;
