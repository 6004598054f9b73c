/**
 * What every weight container has to stand, whichever module it comes from: formats and writers are
 * found as services, test files by listing the resource folders, so that a new container is covered
 * as soon as it is registered. Write and read back, cut and flipped files, hostile files in a small
 * heap, coverage-guided fuzzing, and round trips through the tools that own the formats.
 */
package dev.graft.containers;
