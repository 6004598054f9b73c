package dev.graft.weights;

/**
 * What a container holds besides numeric arrays, for people to look at: strings of a checkpoint,
 * the epoch of a PyTorch dictionary, the attributes of an HDF5 file.
 *
 * @param type such as {@code string [2]}
 * @param value a readable form of the value, cut where it is long; empty where there is none
 */
public record OtherEntry(String name, String type, String value) {}
