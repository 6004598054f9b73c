package dev.graft.train;

import java.nio.file.Path;

/**
 * A photograph and its mask.
 *
 * @param stem the file name that both have in common, without the extension
 */
public record Sample(String stem, Path image, Path mask) {}
