package dev.graft.train;

import java.util.List;

/** A data set cannot be used; the message lists every problem, one a line. */
public final class DatasetException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** More problems than this are counted, not listed. */
  private static final int LISTED = 20;

  public DatasetException(String message) {
    super(message);
  }

  /** Several problems in one report. */
  static DatasetException of(String headline, List<String> problems) {
    StringBuilder text = new StringBuilder(headline).append(':');
    problems.stream().limit(LISTED).forEach(problem -> text.append("\n  ").append(problem));
    if (problems.size() > LISTED) {
      text.append("\n  … and ").append(problems.size() - LISTED).append(" more");
    }
    return new DatasetException(text.toString());
  }
}
