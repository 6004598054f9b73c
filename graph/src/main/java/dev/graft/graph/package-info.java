/** Placeholder. */
package dev.graft.graph;
