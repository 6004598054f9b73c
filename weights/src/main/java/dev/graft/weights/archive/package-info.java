/**
 * Zip archives of weights of any other kind: one file, used in place where it is stored, or the
 * files of a folder, extracted for as long as the store is open. Entry names are untrusted: one
 * that could lead out of the folder refuses the whole archive. Stateless but for open stores and
 * the list of temporary folders, which is safe for use by several threads.
 */
package dev.graft.weights.archive;
