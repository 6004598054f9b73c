/**
 * The .npz format: a zip archive of .npy files. Its own reader of the zip directory, so that stored
 * entries are used in place. Stateless but for open stores.
 */
package dev.graft.weights.npz;
