/**
 * A folder of .npy files, one an array, the file's path in the folder being the array's name.
 * Characters that file systems treat specially stand percent-encoded in it. Stateless but for open
 * stores.
 */
package dev.graft.weights.folder;
