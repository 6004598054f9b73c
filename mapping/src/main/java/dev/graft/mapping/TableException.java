package dev.graft.mapping;

import dev.graft.weights.WeightsException;

/** A name table cannot be found or breaks the rules; the message has all problems, one a line. */
public final class TableException extends WeightsException {
  private static final long serialVersionUID = 1;

  TableException(String message) {
    super(message);
  }
}
