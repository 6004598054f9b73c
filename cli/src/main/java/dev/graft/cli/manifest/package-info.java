/**
 * Manifests: JSON files that say how a weight file was made and what is in it, and the check of a
 * file against one. A manifest is as untrusted as a weight file. Everything here but a {@link
 * dev.graft.cli.manifest.Verification} is stateless or immutable and may be used by several threads
 * at once.
 */
package dev.graft.cli.manifest;
