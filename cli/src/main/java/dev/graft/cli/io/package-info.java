/**
 * Writing files so that a reader, or a killed process, never meets half of one.
 *
 * <p>Everything here is stateless and may be used by several threads at once.
 */
package dev.graft.cli.io;
