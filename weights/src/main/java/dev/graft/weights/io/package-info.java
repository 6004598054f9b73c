/**
 * What container formats are built of: a mapped file of any size, bytes decoded on demand, arrays
 * that lie in them, and output files that appear whole or not at all. Bytes and arrays are safe for
 * use by several threads; an output belongs to one.
 */
package dev.graft.weights.io;
