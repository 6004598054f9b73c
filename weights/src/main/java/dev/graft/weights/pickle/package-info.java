/**
 * The dictionary .npy: numpy's object array of shape () around a pickled dictionary. The pickle
 * machine makes data only, out of an allow-list of opcodes and of numpy's array constructors; it
 * never loads a class, and the arrays' bytes stay in the mapped file. Stateless but for open
 * stores.
 */
package dev.graft.weights.pickle;
