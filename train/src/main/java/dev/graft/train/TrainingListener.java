package dev.graft.train;

import java.nio.file.Path;
import java.util.List;

/** Is told how a run goes. Called by the thread that trains. */
public interface TrainingListener {
  /**
   * What a run is about to do.
   *
   * @param audit of all images and masks
   * @param classes how many
   * @param initialised parameters that no weights were given for
   * @param frozen how many parameters are constants
   * @param frozenBytes their size
   * @param trained how many parameters are variables
   * @param variableBytes their size, with the optimizer's slots
   * @param startStep steps that were done before
   */
  record Preparation(
      Audit audit,
      int classes,
      List<String> initialised,
      int frozen,
      long frozenBytes,
      int trained,
      long variableBytes,
      long startStep) {}

  /** Everything is checked and loaded. */
  default void prepared(Preparation preparation) {}

  /**
   * A step is done.
   *
   * @param step from 1
   * @param dataLoss before the step's update
   * @param regularizationLoss before the step's update
   */
  default void step(long step, long steps, float dataLoss, float regularizationLoss) {}

  /** A validation is done. */
  default void validated(long step, ValidationResult result, boolean best) {}

  /** A checkpoint is written. */
  default void saved(long step, Path checkpoint) {}

  /** Some longer work goes on. */
  default void progress(String work, long done, long total) {}
}
