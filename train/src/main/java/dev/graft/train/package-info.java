/** Placeholder. */
package dev.graft.train;
