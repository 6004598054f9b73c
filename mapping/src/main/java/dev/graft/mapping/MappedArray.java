package dev.graft.mapping;

import dev.graft.weights.Shape;

/**
 * An array that a table found in a source.
 *
 * @param name its graph name
 * @param source what the store that has it calls itself
 * @param key its key in that store, as the store has it
 * @param transform from the source's layout to the graph's
 * @param shape in graph layout
 */
public record MappedArray(
    String name, String source, String key, Transform transform, Shape shape) {}
