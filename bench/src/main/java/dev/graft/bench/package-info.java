/** Placeholder. */
package dev.graft.bench;
