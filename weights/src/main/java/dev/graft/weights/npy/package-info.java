/** The .npy format: its header, read strictly, and single arrays. Stateless but for open stores. */
package dev.graft.weights.npy;
