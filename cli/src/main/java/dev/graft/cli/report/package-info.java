/**
 * What a run shows of itself: the picture of its losses and the page of the demonstration. Only
 * shows what it is given; no figure is computed from anything but the arguments.
 *
 * <p>Everything here is stateless and may be used by several threads at once.
 */
package dev.graft.cli.report;
