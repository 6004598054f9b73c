/**
 * The safetensors format: the length of a JSON header, the header with each tensor's dtype, shape
 * and place, then all elements without a gap; and models split over several such files by an index.
 * The header is read by a JSON reader of its own, which never recurses and keeps only what it is
 * asked for. Stateless but for open stores.
 */
package dev.graft.weights.safetensors;
