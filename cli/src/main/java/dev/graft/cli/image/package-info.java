/**
 * Pictures of class-id maps: palette masks, overlays, and the colours of the classes.
 *
 * <p>Pictures are plain arrays: RGB is {@code byte[height * width * 3]}, a class-id map is {@code
 * byte[height * width]} of unsigned ids, both row by row from the top left. Everything here is
 * stateless and may be used by several threads at once.
 */
package dev.graft.cli.image;
