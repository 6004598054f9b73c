package dev.graft.weights.hdf5;

/**
 * What the reader accepts and the writer keeps to. Far above any file of weights, and low enough
 * that a file made to exhaust memory or time is refused before it does.
 */
final class Limits {
  /** Groups, datasets and links of a file. */
  static final int OBJECTS = 1 << 16;

  /** UTF-8 bytes of a full path. */
  static final int PATH_BYTES = 4096;

  /** Characters of all names, paths and values shown together. */
  static final int TEXT_CHARS = 1 << 23;

  /** Groups inside one another. */
  static final int DEPTH = 64;

  /** Attributes of all objects together. */
  static final int ATTRIBUTES = 1 << 17;

  /** HDF5's own limit on dimensions. */
  static final int RANK = 32;

  /** Hard links to one dataset. */
  static final int LINKS_OF_DATASET = 16;

  /** Bytes of one object's header, of its attributes, or of the names in one group. */
  static final int HEADER_BYTES = 1 << 23;

  /** Messages of one header. */
  static final int MESSAGES = 1 << 17;

  /** Bytes read while a file is opened, with those that are read twice counted twice. */
  static final long METADATA_BYTES = 1L << 26;

  /** Bytes of one decoded chunk; h5py's own choice is at most 1 MiB. */
  static final int CHUNK_BYTES = 1 << 23;

  /** No filter that is read makes more than this many bytes of one: deflate's greatest ratio. */
  static final long EXPANSION = 1032;

  private Limits() {}
}
