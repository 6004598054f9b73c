/**
 * The {@code graft} command.
 *
 * <p>{@link dev.graft.cli.Main} parses, runs one command and gives its exit code; each command is
 * one class. Options and their combinations are checked before any work starts. Results go to the
 * standard output, progress and errors to the standard error. TensorFlow is loaded by the commands
 * that compute, not by those that only look at files.
 *
 * <p>Threads: a command runs on the thread that calls it. Two commands may run in one process at
 * once, except two trainings that both take the process's signals.
 */
package dev.graft.cli;
