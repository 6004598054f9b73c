/**
 * Files that want to do harm: bombs, absurd sizes, names that lead elsewhere. Built by the classes
 * that implement {@link dev.graft.containers.hostile.HostileFiles}, or lying in the resource folder
 * {@code hostile}, and read in a JVM with a small heap.
 */
package dev.graft.containers.hostile;
