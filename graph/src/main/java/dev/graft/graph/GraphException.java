package dev.graft.graph;

import java.util.List;

/** A network cannot be built or run as asked; the message holds every reason, one a line. */
public final class GraphException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public GraphException(String message) {
    super(message);
  }

  public GraphException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Several problems in one report. */
  static GraphException of(String headline, List<String> problems) {
    return new GraphException(headline + ":\n  " + String.join("\n  ", problems));
  }
}
