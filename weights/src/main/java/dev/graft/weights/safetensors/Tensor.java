package dev.graft.weights.safetensors;

import dev.graft.weights.DType;
import dev.graft.weights.Shape;

/**
 * One tensor of a header.
 *
 * @param begin offset of its first byte, counted from the first byte after the header
 * @param end offset of the byte after its last
 */
record Tensor(String name, DType dtype, Shape shape, long begin, long end) {}
