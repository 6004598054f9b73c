/** Explicit name tables between weight containers and graphs. */
package dev.graft.mapping;
