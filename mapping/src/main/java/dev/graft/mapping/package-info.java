/**
 * Explicit name tables between weight containers and graphs.
 *
 * <p>A table has one line a variable: its graph name, its key in the container, the transform of
 * its layout, and the shape that it then must have. {@link dev.graft.mapping.NameMapping} is a
 * table; {@link dev.graft.mapping.MergedWeights} reads one or more stores, each through its table,
 * checks everything before anything is used, and gives one store in graph names and graph layout.
 * Nothing is guessed: no pattern renames, no implicit reshape or cast, nothing skipped unless
 * named.
 *
 * <p>Table syntax, UTF-8, fields separated by blanks, {@code #} starts a comment:
 *
 * <pre>
 * vgg16/fc6/kernel  fc6[0]  dense_to_conv7  7,7,c5_3,fc6   # a variable
 * ignore global_step                                       # a known extra of the container
 * partial                                                  # a container may hold some layers only
 * namings new|old                                          # from here on a key may be NEW|OLD
 * </pre>
 *
 * <p>Where the files of a source have come with different names, {@code namings} gives each set of
 * names a name, and the key of a variable one part for each of them. All names of a file are of one
 * naming; an export has the first.
 *
 * <p>Dimensions are numbers or symbols; a symbol has one value in all of a container. {@code ()} is
 * a scalar. A layer is the variables that share a name up to the last slash, and comes whole or not
 * at all. A {@code :0} at the end of a key counts for nothing.
 *
 * <p>Thread rules: all public types are immutable. The stores and arrays that they give may be used
 * by several threads at once, as long as the stores below are open.
 */
package dev.graft.mapping;
