package dev.graft.weights.torch;

import dev.graft.weights.io.Bytes;

/** Where a storage's bytes lie. */
record StorageRun(Bytes bytes, long start, long length, boolean bigEndian) {}
