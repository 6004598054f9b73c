/**
 * Caffe's binary networks, {@code .caffemodel}: protobuf messages, read by a wire reader of its own
 * that follows only the fields that lead to arrays. Layers of all three generations (V0, V1 and the
 * current ones) and both forms of shapes. Only read, never written. Stateless but for open stores.
 */
package dev.graft.weights.caffe;
