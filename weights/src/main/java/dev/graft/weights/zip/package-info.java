/**
 * Zip archives as weight containers use them: read strictly and in place, written stored and
 * reproducibly. Not thread-safe while reading a directory or writing; what is read may be used by
 * several threads.
 */
package dev.graft.weights.zip;
