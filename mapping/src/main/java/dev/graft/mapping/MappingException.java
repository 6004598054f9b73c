package dev.graft.mapping;

import dev.graft.weights.WeightsException;

/** Weights do not fit a table or a model; the message is the whole report. */
public final class MappingException extends WeightsException {
  private static final long serialVersionUID = 1;

  private final transient MappingReport report;

  MappingException(MappingReport report) {
    super(report.render());
    this.report = report;
  }

  /** Everything that was found. */
  public MappingReport report() {
    return report;
  }
}
