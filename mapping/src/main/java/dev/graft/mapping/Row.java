package dev.graft.mapping;

/**
 * One variable of a table.
 *
 * @param pattern the shape in graph layout
 */
record Row(String name, String key, Transform transform, ShapePattern pattern) {}
