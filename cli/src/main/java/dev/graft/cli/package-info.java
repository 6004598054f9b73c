/** Placeholder. */
package dev.graft.cli;
