/**
 * The demonstration's own data: pictures of textured shapes on textured ground, made from a seed.
 *
 * <p>What is made depends on the seed and the arguments alone, not on the order of calls or on the
 * thread; everything here may be used by several threads at once.
 */
package dev.graft.cli.demo;
